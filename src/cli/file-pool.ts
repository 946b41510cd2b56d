// Audio files in processes of their own, so that one that hangs or explodes costs one line of a command's output.

import { availableParallelism } from "node:os";
import { type ProcessPool, startProcessPool } from "../workers/process-pool.ts";
import { startProcess } from "../workers/worker-process.ts";
import type { FileResult, FileTask, ResultOf } from "./file-models.ts";
import type { FileCalls } from "./file-worker.ts";

/** Time that a process may be at one file without a sign of progress, in ms: a long recording is decoded in one go. */
const FILE_TIMEOUT_MS = 60_000;

/** Resident memory of a process at most, in bytes: two hours at 8 kHz take 0.5 GB while they are decoded. */
const MAX_FILE_BYTES = 1.5e9;

/** Processes for files. */
export type FilePool<Result extends FileResult> = ProcessPool<FileCalls<Result>>;

/**
 * Starts processes and waits until they have loaded their model.
 *
 * @param task What is heard, with which model.
 * @param options.files How many files there are: no more processes than that.
 * @param options.workers Processes. Default: one a core.
 * @throws What loading the model throws.
 */
export function startFilePool<Task extends FileTask>(
  task: Task,
  options: { files: number; workers?: number },
): Promise<FilePool<ResultOf<Task>>> {
  type Calls = FileCalls<ResultOf<Task>>;
  return startProcessPool<Calls>({
    workers: Math.min(options.workers ?? availableParallelism(), options.files),
    maxQueue: Number.POSITIVE_INFINITY,
    timeoutMs: FILE_TIMEOUT_MS,
    async start() {
      const worker = startProcess<Calls>("cli/file-worker", { maxBytes: MAX_FILE_BYTES });
      const loaded = worker.call("load", task);
      await loaded.catch((error: unknown) => worker.end().then(() => Promise.reject(error)));
      return worker;
    },
  });
}
