// Audio files in processes of their own, so that one that hangs or explodes costs one line of a command's output.

import { availableParallelism } from "node:os";
import { pMapIterable } from "p-map";
import type { RecordingTranscript } from "../recordings/recordings.ts";
import { type ProcessPool, startProcessPool } from "../workers/process-pool.ts";
import { startProcess } from "../workers/worker-process.ts";
import { fileInput, readPlainFile } from "./audio-inputs.ts";
import {
  createFileHearer,
  type FileHearer,
  type FilePrediction,
  type FileResult,
  type FileTask,
  type HearOptions,
} from "./file-models.ts";
import type { FileCalls } from "./file-worker.ts";
import { outcomeOf } from "./output-format.ts";

/** Time that a process may be at one file without a sign of progress, in ms: a long recording is decoded in one go. */
const FILE_TIMEOUT_MS = 60_000;

/** Resident memory of a process at most, in bytes: two hours at 8 kHz take 0.5 GB while they are decoded. */
const MAX_FILE_BYTES = 1.5e9;

/** Files that wait in a process, so that it need not wait for the next. */
const READ_AHEAD = 3;

/** Results that may wait for that of an earlier file which takes longer. */
const MAX_AHEAD = 1000;

/** Processes for files. */
export type FilePool<Result extends FileResult> = ProcessPool<FileCalls<Result>>;

/** What a task finds in a file. */
export type ResultOf<Task extends FileTask> = Task extends { task: "digit" }
  ? FilePrediction
  : RecordingTranscript;

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

/** Files that are heard. */
export type OpenFiles<Result> = {
  /** @param file One of them. @param options See {@link HearOptions}. */
  hear(file: string, options?: HearOptions): Promise<Result>;
  close(): Promise<void>;
};

/**
 * Prepares to hear the files of a command: in processes of their own, but for a single file that can be read here, which
 * saves the start of another.
 *
 * @param files Paths, or `-`.
 * @param task What is heard, with which model.
 * @param workers Processes. Default: one a core.
 * @throws What loading the model throws.
 */
export async function openFiles<Task extends FileTask>(
  files: readonly string[],
  task: Task,
  workers?: number,
): Promise<OpenFiles<ResultOf<Task>>> {
  const read = files.length === 1 ? await outcomeOf(() => readPlainFile(files[0]!)) : undefined;
  if (read && "error" in read) {
    return { hear: () => Promise.reject(read.error), close: () => Promise.resolve() };
  }
  const only = read?.result;
  if (only && "plain" in only) {
    const { hear, release } = (await createFileHearer(task)) as FileHearer<ResultOf<Task>>;
    return { hear: (_file, options) => hear(only.plain, options), close: release };
  }
  const pool = await startFilePool(task, { files: files.length, workers });
  return {
    hear: async (file, { onProgress, signal } = {}) =>
      pool.call("hear", only?.input ?? (await fileInput(file)), {
        signal,
        onEvent: (progress) => onProgress?.(...progress),
      }),
    close: () => pool.close(),
  };
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
