// Runs whatever predicts over recordings: a model on files as they are, on clips with noise added, or a whole other program.

import pMap from "p-map";
import type { Recording } from "../corpus/recording.ts";
import { AudioFormatError, type ErrorCode, FileError } from "../errors.ts";
import type { SpokenString } from "./manifest.ts";
import {
  buildReport,
  buildStringReport,
  type EvaluationRow,
  type FailedFile,
  type Report,
  type StringReport,
  type StringRow,
} from "./report.ts";

/** A prediction for one clip; a `Prediction` of a model is one. */
export type DigitPrediction = Required<Pick<EvaluationRow, "topDigit" | "digit" | "confidence">>;

/** Predictions for samples; the `classify` of a model's classifier is one. */
export type ClassifySamples = (
  samples: Float32Array,
  options: { sampleRate: number },
) => Promise<DigitPrediction>;

/** Clips under way at a time. */
export const CONCURRENCY = 4;

/** How recordings are evaluated. */
export type EvaluateOptions = {
  /** Called after each, or each list or condition, with how many are done, failed ones too, and how many there are. */
  onProgress?: (nDone: number, nTotal: number) => void;
  /** Ends the evaluation; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Classifies recordings of one digit or none and sums up the predictions. A file that cannot be read or decoded is listed
 * under `failed` and does not stop the run: an {@link AudioFormatError}, a {@link FileError} or an error of the operating
 * system.
 *
 * @param recordings In the order of the rows; may be none.
 * @param classify Predicts one.
 * @param options See {@link EvaluateOptions}.
 * @returns The report, and a row for each recording that did not fail.
 * @throws Any other error of `classify`, as it is: the program or the model is at fault, not a file.
 */
export async function evaluateRecordings(
  recordings: readonly Recording[],
  classify: (recording: Recording) => Promise<DigitPrediction>,
  options: EvaluateOptions = {},
): Promise<{ report: Report; rows: EvaluationRow[] }> {
  const toRow = async (recording: Recording): Promise<EvaluationRow> => {
    const { path, label, speaker, corpus } = recording;
    const { topDigit, digit, confidence } = await classify(recording);
    return { path, label, speaker, corpus, topDigit, digit, confidence };
  };
  const { rows, failed } = await evaluateEach(recordings, toRow, { ...options, concurrency: CONCURRENCY });
  return { report: buildReport(rows, failed), rows };
}

/**
 * Recognises recordings of digits said one after another, as {@link evaluateRecordings} does those of one.
 *
 * @param recordings In the order of the rows; may be none.
 * @param recognise Gives the digits of one, for example `0451`, and its length.
 * @param options See {@link EvaluateOptions}.
 */
export async function evaluateStrings(
  recordings: readonly SpokenString[],
  recognise: (recording: SpokenString) => Promise<Pick<StringRow, "heard" | "durationMs">>,
  options: EvaluateOptions = {},
): Promise<{ report: StringReport; rows: StringRow[] }> {
  const toRow = async (recording: SpokenString) => ({ ...recording, ...(await recognise(recording)) });
  // Samples of more recordings would fill the memory where those are long.
  const { rows, failed } = await evaluateEach(recordings, toRow, { ...options, concurrency: 2 });
  return { report: buildStringReport(rows, failed), rows };
}

async function evaluateEach<Item extends { path: string }, Row>(
  items: readonly Item[],
  toRow: (item: Item) => Promise<Row>,
  { concurrency, onProgress, signal }: EvaluateOptions & { concurrency: number },
): Promise<{ rows: Row[]; failed: FailedFile[] }> {
  const failed = new Map<Item, FailedFile>();
  let nDone = 0;
  const run = async (item: Item): Promise<Row[]> => {
    try {
      return [await toRow(item)];
    } catch (error) {
      const code = fileErrorCode(error);
      if (code === undefined) throw error;
      failed.set(item, { path: item.path, code, message: (error as Error).message });
      return [];
    } finally {
      onProgress?.(++nDone, items.length);
    }
  };
  const rows = await pMap(items, run, { concurrency, signal });
  return { rows: rows.flat(), failed: items.flatMap((item) => failed.get(item) ?? []) };
}

/** The code under which an error is listed; undefined for one that no recording is to blame for. */
function fileErrorCode(error: unknown): ErrorCode | undefined {
  if (error instanceof AudioFormatError || error instanceof FileError) return error.code;
  const isSystemError = error instanceof Error && "syscall" in error && "code" in error;
  return isSystemError ? "file-unreadable" : undefined;
}
