// Audio files in processes of their own, so that one that hangs or explodes costs one line of a command's output.

import { availableParallelism } from "node:os";
import { pMapIterable } from "p-map";
import { type ProcessPool, startProcessPool } from "../workers/process-pool.ts";
import { startProcess } from "../workers/worker-process.ts";
import type { FileCalls } from "./file-worker.ts";

/** Time that a process may be at one file without a sign of progress, in ms: a long recording is decoded in one go. */
const FILE_TIMEOUT_MS = 60_000;

/** Resident memory of a process at most, in bytes: two hours at 8 kHz take 0.5 GB while they are decoded. */
const MAX_FILE_BYTES = 1.5e9;

/** Files that wait in a process, so that it need not wait for the next. */
const READ_AHEAD = 3;

/** Results that may wait for that of an earlier file which takes longer. */
const MAX_AHEAD = 1000;

/** Processes for files. */
export type FilePool = ProcessPool<FileCalls>;

/**
 * Starts processes and waits until they have loaded their model.
 *
 * @param method `loadClassifier` or `loadTranscriber`.
 * @param settings What it is called with.
 * @param options.files How many files there are: no more processes than that.
 * @param options.workers Processes. Default: one a core.
 * @throws What loading the model throws.
 */
export function startFilePool<Method extends "loadClassifier" | "loadTranscriber">(
  method: Method,
  settings: FileCalls[Method]["payload"],
  options: { files: number; workers?: number },
): Promise<FilePool> {
  return startProcessPool<FileCalls>({
    workers: Math.min(options.workers ?? availableParallelism(), options.files),
    maxQueue: Number.POSITIVE_INFINITY,
    timeoutMs: FILE_TIMEOUT_MS,
    async start() {
      const worker = startProcess<FileCalls>("cli/file-worker", { maxBytes: MAX_FILE_BYTES });
      const loaded = worker.call(method, settings);
      await loaded.catch((error: unknown) => worker.end().then(() => Promise.reject(error)));
      return worker;
    },
  });
}

/**
 * Works on files side by side.
 *
 * @param files In the order of the results.
 * @param work Has each of them done by a pool.
 */
export function eachFile<Result>(
  files: readonly string[],
  work: (file: string) => Promise<Result>,
): AsyncIterable<Result> {
  const concurrency = READ_AHEAD * availableParallelism();
  return pMapIterable(files, work, { concurrency, backpressure: concurrency + MAX_AHEAD });
}
