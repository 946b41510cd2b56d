// Runs a classifier over recordings. What it is and how it takes its input is the caller's: a model on files as they
// are, on clips with noise added, or a whole other program.

import pMap from "p-map";
import type { Recording } from "../corpus/recording.ts";
import { AudioFormatError, type ErrorCode, FileError, InvalidArgumentError } from "../errors.ts";
import { buildReport, type EvaluationRow, type FailedFile, type Report } from "./report.ts";

/** A prediction for one clip; a `Prediction` of a model is one. */
export type DigitPrediction = Required<Pick<EvaluationRow, "topDigit" | "digit" | "confidence">>;

/** Settings of {@link evaluateRecordings}. */
export type EvaluateOptions<Input> = {
  /** What is classified, in the order of the rows; may be none. */
  recordings: readonly Recording[];
  /** Predicts one clip. */
  classify: (input: Input) => Promise<DigitPrediction>;
  /** Makes a clip's input from its recording, for example its samples with noise. Default: its path. */
  prepare?: (recording: Recording) => Input | Promise<Input>;
  /** How many clips are under way at a time, >= 1. Default: 4. */
  concurrency?: number;
  /** Called after each clip with how many are done, failed ones too, and how many there are. */
  onProgress?: (nDone: number, nTotal: number) => void;
  /** Ends the evaluation; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** The report and the single predictions behind it, in the order of the recordings, without the failed ones. */
export type Evaluation = { report: Report; rows: EvaluationRow[] };

type Outcome = { row: EvaluationRow } | { failed: FailedFile };

/**
 * Classifies recordings and sums up the predictions. A file that cannot be read or decoded is listed under `failed` and does
 * not stop the run: an {@link AudioFormatError}, a {@link FileError} or an error of the operating system from `prepare` or
 * `classify`.
 *
 * @param options See {@link EvaluateOptions}.
 * @throws {InvalidArgumentError} `concurrency` is out of range, or a prediction holds no valid digit.
 * @throws Any other error of `prepare` or `classify`, as it is: the program or the model is at fault, not a file.
 */
export async function evaluateRecordings(
  options: EvaluateOptions<string> & { prepare?: undefined },
): Promise<Evaluation>;
export async function evaluateRecordings<Input>(
  options: EvaluateOptions<Input> & { prepare: (recording: Recording) => Input | Promise<Input> },
): Promise<Evaluation>;
export async function evaluateRecordings<Input>(options: EvaluateOptions<Input>): Promise<Evaluation> {
  const { recordings, concurrency = 4, onProgress, signal } = options;
  if (!(Number.isSafeInteger(concurrency) && concurrency >= 1)) {
    throw new InvalidArgumentError(
      `evaluateRecordings: concurrency must be a whole number >= 1, got ${concurrency}`,
    );
  }
  let nDone = 0;
  const run = async (recording: Recording) => {
    const outcome = await evaluateOne(recording, options);
    nDone++;
    onProgress?.(nDone, recordings.length);
    return outcome;
  };
  const outcomes = await pMap(recordings, run, { concurrency, signal });
  const rows = outcomes.flatMap((outcome) => ("row" in outcome ? [outcome.row] : []));
  const failed = outcomes.flatMap((outcome) => ("failed" in outcome ? [outcome.failed] : []));
  return { report: buildReport(rows, failed), rows };
}

async function evaluateOne<Input>(recording: Recording, options: EvaluateOptions<Input>): Promise<Outcome> {
  const { path, label, speaker, corpus } = recording;
  // Without `prepare` the overloads leave `string` as the only Input.
  const prepare = options.prepare ?? ((of: Recording) => of.path as Input);
  try {
    const { topDigit, digit, confidence } = await options.classify(await prepare(recording));
    return { row: { path, label, speaker, corpus, topDigit, digit, confidence } };
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    return { failed: { path, code, message: (error as Error).message } };
  }
}

/** The code under which an error is listed; undefined for one that no recording is to blame for. @param error Anything thrown. */
export function fileErrorCode(error: unknown): ErrorCode | undefined {
  if (error instanceof AudioFormatError || error instanceof FileError) return error.code;
  const isSystemError = error instanceof Error && "syscall" in error && "code" in error;
  return isSystemError ? "file-unreadable" : undefined;
}
