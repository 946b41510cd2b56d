import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmCommand } from "../installation.js";

/** The checkout. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A recording and the digit in it. */
export const SAMPLE = { path: join(ROOT, "fixtures", "samples", "7.wav"), digit: 7 };

const LIMIT_MS = 900_000;

/**
 * Packs the package as it is built.
 *
 * @param folder Where to.
 * @returns Path of the tarball.
 */
export function packTarball(folder: string): string {
  run(process.execPath, [join(ROOT, "scripts", "build.js")], ROOT);
  const { command, args } = npmCommand([
    "pack",
    "--ignore-scripts",
    "--silent",
    "--pack-destination",
    folder,
  ]);
  return join(folder, run(command, args, ROOT).trim().split("\n").at(-1)!);
}

/**
 * Makes a project that has the package and others installed, by npm.
 *
 * @param folder Not there yet.
 * @param packages What to install: the tarball, and names with versions.
 * @param files Texts by path. Default: none.
 */
export function makeProject(
  folder: string,
  packages: readonly string[],
  files: Record<string, string> = {},
): void {
  writeFiles(folder, { "package.json": JSON.stringify({ private: true, type: "module" }), ...files });
  const { command, args } = npmCommand(["install", "--no-audit", "--no-fund", "--silent", ...packages]);
  run(command, args, folder);
}

/**
 * Writes files, with the folders that they are in.
 *
 * @param folder Where to.
 * @param files Texts by path.
 */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/**
 * Text of an example's file.
 *
 * @param path Below `examples/`.
 */
export function example(path: string): string {
  return readFileSync(join(ROOT, "examples", path), "utf8");
}

/**
 * Which version of a package a project has.
 *
 * @param folder Of the project.
 * @param name Of the package.
 */
export function versionOf(folder: string, name: string): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Runs a program to its end.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param cwd Where.
 * @returns What it printed on standard output.
 * @throws {Error} It failed; the message is what it printed.
 */
export function run(command: string, args: readonly string[], cwd: string): string {
  // The GPU build that onnxruntime-node would download is of no use here.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", NEXT_TELEMETRY_DISABLED: "1" };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  if (status === 0) return stdout;
  throw new Error(`${stdout}${stderr}${error?.message ?? ""}` || `${command} ended with ${status}`);
}
