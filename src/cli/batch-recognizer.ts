// From recordings to the lines of a result, in processes of this machine. A batch on one machine and the workers of a queue
// share this, so their lines are the same.

import { availableParallelism } from "node:os";
import { type ErrorCode, errorOfCode, type SpokenDigitsError } from "../errors.ts";
import type { FileInput } from "./audio-inputs.ts";
import { type FileTask, PREDICTION_LINE, TRANSCRIPT_LINE } from "./file-models.ts";
import { startFilePool } from "./file-pool.ts";
import { type FileOutcome, headOf, type LineFormat, type LinePrinter, lineOf } from "./output-format.ts";

/** What is to be heard, with which model, and how it is written. */
export type BatchSettings = { format: LineFormat } & FileTask;

/** A recording that can be read, and the name of its line. */
export type BatchRecording = { key: string; input: FileInput };

/** The line of a recording, and the code of its error where that is what it says. */
export type BatchLine = { line: string; code: ErrorCode | null };

/** Hears recordings. */
export type BatchRecognizer = {
  /** Recordings that should be asked for at once, and in how many calls at a time. */
  readonly groupSize: number;
  readonly concurrency: number;
  /** Hears all of them, side by side. @returns Their lines, in their order. */
  hear(recordings: readonly BatchRecording[]): Promise<BatchLine[]>;
  close(): Promise<void>;
};

/** Recordings that wait in a process, so that it need not wait for the next. */
const READ_AHEAD = 3;

/**
 * Starts processes that hear.
 *
 * @param settings See {@link BatchSettings}.
 * @param options.workers Processes. Default: one a core.
 * @throws What loading the model throws.
 */
export async function startRecognizer(
  settings: BatchSettings,
  { workers = availableParallelism() }: { workers?: number } = {},
): Promise<BatchRecognizer> {
  const pool = await startFilePool(settings, { files: workers, workers });
  const hearOne = ({ key, input }: BatchRecording) =>
    pool.call("hear", input).then(
      (found) => toLine(settings, key, { result: found }),
      (error: SpokenDigitsError) => toLine(settings, key, { error }),
    );
  return {
    groupSize: 1,
    concurrency: READ_AHEAD * workers,
    hear: (recordings) => Promise.all(recordings.map(hearOne)),
    close: () => pool.close(),
  };
}

/** What a file of results begins with. @param settings Format and task. */
export function batchHead({ format, task }: BatchSettings): string {
  return headOf(format, printerOf(task));
}

/** The line of a recording that is not heard. @param settings Format and task. @param key Its name. @param error Why. */
export function failureLine(settings: BatchSettings, key: string, error: SpokenDigitsError): BatchLine {
  return toLine(settings, key, { error });
}

/**
 * The line of a recording that ended whoever heard it.
 *
 * @param settings Format and task.
 * @param key Its name.
 * @param deaths How many.
 */
export function setAsideLine(settings: BatchSettings, key: string, deaths: number): BatchLine {
  const message = `set aside: ${deaths} workers ended while they heard it`;
  return toLine(settings, key, { error: errorOfCode("service-fault", message) });
}

function toLine(settings: BatchSettings, file: string, outcome: FileOutcome<unknown>): BatchLine {
  const line = lineOf(settings.format, printerOf(settings.task), { file, outcome });
  return { line, code: "error" in outcome ? outcome.error.code : null };
}

function printerOf(task: BatchSettings["task"]): LinePrinter<unknown> {
  return (task === "digit" ? PREDICTION_LINE : TRANSCRIPT_LINE) as LinePrinter<unknown>;
}
