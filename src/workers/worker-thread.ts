// Workers on threads: cheap to talk to, and they share memory. What brings one down may bring the process down.

import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, Worker } from "node:worker_threads";
import { type Caller, CallQueue, type CallTable, type ReplyMessage, type WorkerPort } from "./calls.ts";

/** A thread that answers calls. */
export type WorkerThread<Table extends CallTable> = Caller<Table> & {
  /** Settles when the thread has ended, whatever ended it. */
  readonly ended: Promise<void>;
  /** Ends the thread; what it was doing is lost. May be called twice. */
  end(): Promise<void>;
};

/**
 * Starts a thread. Its code is a file of its own beside the bundle; from source it is TypeScript and needs its loader
 * first, which threads do not inherit.
 *
 * @param path Of its file in `src/`, without the ending, for example `training/step-worker`; in `dist/` it has the same
 *   name.
 */
export function startThread<Table extends CallTable>(path: string): WorkerThread<Table> {
  const worker = new Worker(codeOf(path));
  const calls = new CallQueue<Table>({
    post: (message, transfer) => worker.postMessage(message, transfer as never),
  });
  worker.on("message", (reply: ReplyMessage) => calls.receive(reply));
  worker.on("error", (error) => calls.fail(error));
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      calls.fail(new Error(`a worker thread ended with code ${code}`));
      resolve();
    });
  });
  return {
    get pending() {
      return calls.pending;
    },
    call: (method, payload, options) => calls.call(method, payload, options),
    ended,
    async end() {
      await worker.terminate();
    },
  };
}

/** In a thread: the way to whoever started it. */
export const threadPort: WorkerPort & { hasParent: boolean } = {
  /** False in a main thread. */
  hasParent: parentPort !== null,
  post: (reply) => parentPort!.postMessage(reply),
  listen: (onMessage) => parentPort!.on("message", onMessage),
};

/**
 * The file of a worker's code: bundled, it lies beside this code. From source it is TypeScript, which takes a second to load,
 * unless the environment's `SPOKEN_DIGITS_FRESH_BUILD` names the folder of a build of the same source, as `npm test` does.
 *
 * @param path Of its file in `src/`, without the ending, for example `training/step-worker`; a bundle has the same name.
 */
export function workerFile(path: string): URL {
  const bundle = `${path.slice(path.lastIndexOf("/") + 1)}.js`;
  if (!import.meta.url.endsWith(".ts")) return new URL(`./${bundle}`, import.meta.url);
  const built = process.env.SPOKEN_DIGITS_FRESH_BUILD;
  const fresh = built && pathToFileURL(`${built}/${bundle}`);
  return fresh && existsSync(fresh) ? fresh : new URL(`../${path}.ts`, import.meta.url);
}

function codeOf(path: string): URL {
  const file = workerFile(path);
  if (!file.pathname.endsWith(".ts")) return file;
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const code = `import { register } from ${loader}; register(); await import(${JSON.stringify(file.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
