import { spawnSync } from "node:child_process";

/**
 * Runs a program and shows what it printed only when it failed; then this process ends with 1.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, failure: string, shell?: boolean, env?: NodeJS.ProcessEnv }} options `failure` is what to say after a failure.
 */
export function runOrExit(command, args, { failure, ...options }) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.status === 0) return;
  console.error(result.stdout, result.stderr, result.error ?? "");
  console.error(failure);
  process.exit(1);
}
