import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ROOT } from "../sample-clips.ts";

/** A server in a process of its own. */
export type ServerProcess = {
  pid: number;
  /** http, with a slash at its end. */
  url: string;
  /** Likewise, where health alone is, if it has a port of its own. */
  healthUrl: string | undefined;
  /** Time from its start until it took requests. */
  startMs: number;
  /** Lines of its log so far. */
  log: readonly string[];
  /** How it has ended, if it has. */
  exit(): string | undefined;
  /** Sends SIGTERM as a load balancer would, and SIGKILL 30 s later. @returns Its exit code, or the signal that ended it. */
  stop(): Promise<string>;
};

/** Time after SIGTERM in which a server has to end, in ms. */
const MAX_STOP_MS = 30_000;

/**
 * Starts the built server on a free port of this machine, with its default settings.
 *
 * @param options.cli Another build's command line. Default: this one's.
 * @param options.args More arguments. Default: without the page.
 */
export async function startServerProcess({
  cli = `${ROOT}dist/cli.js`,
  args = ["--site", "none"],
}: {
  cli?: string;
  args?: readonly string[];
} = {}): Promise<ServerProcess> {
  const start = performance.now();
  const command = [cli, "serve", "--port", "0", "--log-level", "warn", ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit").then(([code, signal]) => String(code ?? signal));
  const log: string[] = [];
  createInterface(child.stderr).on("line", (line) => log.push(line));
  const exit = () => (child.exitCode ?? child.signalCode)?.toString();
  const greeting = await greetingOf(child, log);
  return {
    pid: child.pid!,
    url: addressIn(greeting)!,
    healthUrl: addressIn(greeting.split("Health alone")[1] ?? ""),
    startMs: performance.now() - start,
    log,
    exit,
    async stop() {
      const timer = setTimeout(() => child.kill("SIGKILL"), MAX_STOP_MS);
      child.kill("SIGTERM");
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

async function greetingOf(child: ChildProcess, log: readonly string[]): Promise<string> {
  let text = "";
  for await (const piece of child.stdout!) {
    text += piece;
    if (!addressIn(text)) continue;
    // Reading on, so that the pipe never fills.
    child.stdout!.resume();
    return text;
  }
  throw new Error(`bench: the server did not start: ${text}${log.join("\n")}`);
}

/** The first address in a text, with a slash at its end. */
function addressIn(text: string): string | undefined {
  return /is at (http:\/\/[^/]+\/)/.exec(text)?.[1]?.replace("localhost", "127.0.0.1");
}
