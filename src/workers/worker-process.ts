// Workers in processes of their own: one that takes too much time or memory, or crashes, is ended by the operating system
// and takes nothing along but the calls that it had in hand.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { getHeapStatistics } from "node:v8";
import { type Caller, CallQueue, type CallTable, type ReplyMessage, type WorkerPort } from "./calls.ts";
import { type EndReason, ProcessEndedError, saysOutOfMemory } from "./process-ended.ts";
import { isProcessorTimeKnown, processorMs, watchMemory } from "./process-usage.ts";
import { workerFile } from "./worker-thread.ts";

/** A process that answers calls. */
export type WorkerProcess<Table extends CallTable> = Caller<Table> & {
  /** Its id, undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Whether it takes no more calls: it has ended, or is about to. */
  readonly isEnding: boolean;
  /** Settles when the process has ended and its last answer is in. */
  readonly ended: Promise<ProcessEndedError>;
  /** Settles when it keeps so much memory that another should take its place. */
  readonly worn: Promise<void>;
  /** Has it take no more calls, and end when it has answered those that it has. */
  retire(): void;
  /** Ends it at once. @param reason What its open calls are told. */
  kill(reason: EndReason): void;
  /** Asks it to end, and ends it where it does not. May be called twice. */
  end(): Promise<void>;
};

/** Settings of {@link startProcess}. */
export type ProcessOptions = {
  /** Resident memory at most, in bytes, above some 100 MB that a process with a model needs. Default: no limit. */
  maxBytes?: number;
  /** Environment. Default: that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Time in which it has to end once it is asked to, in ms. Default: 2000. */
  graceMs?: number;
};

/** Memory of its JavaScript objects in MB; recordings and the model lie outside of it. */
const HEAP_MB = 128;

/** Address space that a process sets aside and hardly uses, for the stacks of its threads above all. */
const RESERVED_BYTES = 512e6;

/** Memory of its latest objects in MB: by itself V8 lets them take 16 before it looks which are needed, and keeps thrice that. */
const YOUNG_MB = 2;

/**
 * For the C library of Linux: pieces of 1 MiB and more are given back to the system when they are freed, and so is what lies
 * free above the rest from 8 MiB on. By itself it keeps up to 64 MiB more with every large recording that it has seen. A
 * quarter of that would cost a tenth of the processor time of a short answer.
 */
const GIVE_BACK = { MALLOC_MMAP_THRESHOLD_: "1048576", MALLOC_TRIM_THRESHOLD_: "8388608" };

/** How much is kept of what a process says on standard error: V8 says first why it gives up, then where, at length. */
const LAST_WORDS = 8000;

/** Memory of audio and codecs, in bytes, from which on a process clears up after a call: V8 alone would not before it has to. */
const LITTER_BYTES = 64e6;

/**
 * Starts a process. It takes calls at once and answers them when it has started. It ends with this one, however that ends.
 *
 * @param path Of its file in `src/`, without the ending, for example `server/live-worker`; in `dist/` it has the same name.
 * @param options See {@link ProcessOptions}.
 */
export function startProcess<Table extends CallTable>(
  path: string,
  options: ProcessOptions = {},
): WorkerProcess<Table> {
  return new Process(forkWorker(path, options), options);
}

class Process<Table extends CallTable> implements WorkerProcess<Table> {
  readonly ended: Promise<ProcessEndedError>;
  readonly worn: Promise<void>;
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  readonly #calls: CallQueue<Table>;
  #reason: EndReason | undefined;
  #isRetired = false;
  #onWorn: () => void = () => undefined;
  #lastWords = "";

  constructor(child: ChildProcess, { maxBytes, graceMs = 2000 }: ProcessOptions) {
    this.#child = child;
    this.#graceMs = graceMs;
    this.#calls = new CallQueue<Table>({
      // What is sent to a process that is gone fails with it.
      post: (message) => void (child.connected && child.send(message, () => undefined)),
      onOverdue: () => this.kill("time"),
      workedMs: isProcessorTimeKnown ? () => processorMs(child.pid) : undefined,
    });
    this.worn = new Promise((resolve) => {
      this.#onWorn = resolve;
    });
    child.on("message", (reply: ReplyMessage) => {
      this.#calls.receive(reply);
      this.#endIfDone();
    });
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    const unwatch = maxBytes === undefined ? () => undefined : this.#watch(maxBytes);
    this.ended = endOf(child).then((detail) => {
      unwatch();
      const error = new ProcessEndedError(this.#reasonOfEnd(), describeEnd(detail, this.#lastWords));
      this.#calls.fail(error);
      return error;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get pending(): number {
    return this.#calls.pending;
  }

  get isEnding(): boolean {
    return this.#isRetired || this.#reason !== undefined || !this.#child.connected;
  }

  call: Caller<Table>["call"] = (method, payload, options) => this.#calls.call(method, payload, options);

  retire(): void {
    this.#isRetired = true;
    this.#endIfDone();
  }

  kill(reason: EndReason): void {
    this.#reason ??= reason;
    this.#child.kill("SIGKILL");
  }

  async end(): Promise<void> {
    this.#reason ??= "asked";
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), this.#graceMs);
    await this.ended.finally(() => clearTimeout(timer));
  }

  #watch(maxBytes: number): () => void {
    return watchMemory({
      pid: this.#child.pid,
      maxBytes,
      isBusy: () => this.#calls.pending > 0,
      onExceeded: () => this.kill("memory"),
      onKept: this.#onWorn,
    });
  }

  #endIfDone(): void {
    if (this.#isRetired && this.#calls.pending === 0) void this.end();
  }

  #reasonOfEnd(): EndReason {
    return this.#reason ?? (saysOutOfMemory(this.#lastWords) ? "memory" : "crash");
  }
}

function forkWorker(path: string, { maxBytes, env }: ProcessOptions): ChildProcess {
  const file = workerFile(path);
  const execArgv = [`--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`, "--expose-gc"];
  if (file.pathname.endsWith(".ts")) execArgv.push("--import", import.meta.resolve("tsx"));
  return fork(fileURLToPath(file), {
    ...inShell(execArgv, maxBytes),
    env: { ...GIVE_BACK, ...(env ?? process.env) },
    serialization: "advanced",
    // Codecs complain of bad frames on the console; standard output is for the answers of this process.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Ctrl-C and a group's SIGTERM are for this process alone, which ends its workers when their work is done.
    detached: true,
  });
}

/** On Linux a shell sets limits first: no core file, memory that can be written to, and the end with this process. */
const SHELL = `ulimit -c 0; [ "$0" = 0 ] || ulimit -d "$0"
setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL "$@"; exec "$@"`;

function inShell(
  execArgv: string[],
  maxBytes: number | undefined,
): { execPath?: string; execArgv: string[] } {
  if (process.platform !== "linux") return { execArgv };
  const kibibytes = maxBytes === undefined ? 0 : Math.ceil((maxBytes + RESERVED_BYTES) / 1024);
  return { execPath: "/bin/sh", execArgv: ["-c", SHELL, String(kibibytes), process.execPath, ...execArgv] };
}

/** How a process ended, once its last answer and its last words are in: after a disconnect of ours it has no "close". */
async function endOf(child: ChildProcess): Promise<string> {
  const failed = once(child, "error").then(([error]) => (error as Error).message);
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const exited = Promise.all([exit, once(child, "disconnect"), once(child.stderr!, "close")]).then(
    ([[code, signal]]) => signal ?? `exit code ${code}`,
  );
  return Promise.race([failed, exited]);
}

/** The line that says why, where there is one. */
function describeEnd(detail: string, lastWords: string): string {
  const lines = lastWords.trim().split("\n");
  return `${detail} ${lines.find(saysOutOfMemory) ?? lines.at(-1)}`.trim();
}

/** In a process: the way to whoever started it. The process ends when that has gone, or closes the way. */
export const processPort: WorkerPort = {
  post(reply) {
    // What cannot be sent is for nobody: the process is about to end.
    if (process.connected) process.send!(reply, undefined, undefined, () => undefined);
    if (getHeapStatistics().external_memory > LITTER_BYTES) gc?.();
  },
  listen(onMessage) {
    process.on("message", onMessage).once("disconnect", () => process.exit());
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  },
};
