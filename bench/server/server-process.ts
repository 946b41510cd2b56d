import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "../sample-clips.ts";

/** A server in a process of its own. */
export type ServerProcess = {
  /** http, with a slash at its end. */
  url: string;
  /** Memory now and at most so far, in MB; undefined where the system does not tell (anywhere but on Linux). */
  memory(): { residentMb: number; peakMb: number } | undefined;
  /** Ends it as a load balancer would. @throws {Error} It does not end in order. */
  stop(): Promise<void>;
};

/**
 * Starts the built server with its default settings on a free port of this machine.
 *
 * @param site Folder of the built page. Default: none, without the page.
 */
export async function startServerProcess(site = "none"): Promise<ServerProcess> {
  const args = [`${ROOT}dist/cli.js`, "serve", "--port", "0", "--site", site, "--log-level", "error"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  return {
    url: await addressOf(child),
    memory: () => memoryOf(child.pid!),
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const [exitCode] = await exited;
      if (exitCode !== 0) throw new Error(`bench: the server ended with ${exitCode}`);
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const piece of child.stdout!) {
    text += piece;
    const url = /is at (http:\S+)/.exec(text)?.[1];
    // Reading on, so that the pipe never fills.
    if (url) {
      child.stdout!.resume();
      return url.replace("localhost", "127.0.0.1");
    }
  }
  throw new Error(`bench: the server did not start: ${text}`);
}

function memoryOf(pid: number): { residentMb: number; peakMb: number } | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const status = readFileSync(path, "utf8");
  const megabytes = (key: string) => {
    const kibibytes = new RegExp(`^${key}:\\s*(\\d+) kB`, "m").exec(status)?.[1];
    return (Number(kibibytes) * 1024) / 1e6;
  };
  return { residentMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM") };
}
