import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("decode-child.ts", import.meta.url));
const MAX_SECONDS = 5;
const MAX_EXTRA_BYTES = 300 * 2 ** 20;
// A child's peak never falls: one that has held more than this is ended, and the next file gets a new one.
const RENEW_BYTES = 100 * 2 ** 20;

type Reply = { outcome: string; cpuSeconds: number; peakBytes: number };

/** Decodes files in a child process, within bounds of processor time and memory. */
export class DecodeTarget {
  #child: ChildProcess | undefined;
  #idleBytes = 0;

  /**
   * @param bytes A file.
   * @returns What came of it; `fault` names what must not be: a process that ended, more than 5 s of processor time,
   *   more than 300 MB, an error without a code.
   */
  async run(bytes: Uint8Array): Promise<{ outcome: string; fault?: string }> {
    const child = await this.#start();
    const reply = await askChild(child, bytes);
    if (typeof reply === "string") {
      this.stop();
      return { outcome: reply, fault: reply };
    }
    const extra = reply.peakBytes - this.#idleBytes;
    if (extra > RENEW_BYTES) this.stop();
    const fault = faultOf(reply, extra);
    return fault ? { outcome: reply.outcome, fault } : { outcome: reply.outcome };
  }

  /** Ends the child. It is started anew when it is needed. */
  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  async #start(): Promise<ChildProcess> {
    if (this.#child?.connected) return this.#child;
    const child = fork(CHILD, { execArgv: ["--import", "tsx"], serialization: "advanced", stdio: "pipe" });
    child.stderr?.on("data", (data: Buffer) => process.stderr.write(data));
    await once(child, "message");
    this.#child = child;
    this.#idleBytes = residentBytes(child);
    return child;
  }
}

function faultOf({ outcome, cpuSeconds }: Reply, extraBytes: number): string | undefined {
  if (/^(untyped|wrong)/.test(outcome)) return outcome.split("\n")[0];
  if (cpuSeconds > MAX_SECONDS) return `slow: ${cpuSeconds.toFixed(1)} s`;
  if (extraBytes > MAX_EXTRA_BYTES) return `memory: ${Math.round(extraBytes / 2 ** 20)} MB`;
  return undefined;
}

// Other programs may keep the processor busy, so it is not the clock that tells a hang.
async function askChild(child: ChildProcess, bytes: Uint8Array): Promise<Reply | string> {
  const startSeconds = usedSeconds(child);
  child.send(bytes);
  return new Promise((resolve) => {
    const finish = (result: Reply | string) => {
      clearInterval(watch);
      child.removeAllListeners("message").removeAllListeners("exit");
      resolve(result);
    };
    const watch = setInterval(() => {
      if (usedSeconds(child) - startSeconds > 2 * MAX_SECONDS) finish("hang");
    }, 500);
    child.on("message", (reply) => finish(reply as Reply));
    child.on("exit", (code, signal) => finish(`ended: ${signal ?? code}`));
  });
}

// Linux: /proc/PID/stat, fields 14 and 15, in hundredths of a second.
function usedSeconds({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function residentBytes({ pid }: ChildProcess): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(line?.[1] ?? 0) * 1024;
}
