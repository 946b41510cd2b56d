import pMap from "p-map";
import { fileErrorCode } from "./evaluate-classifier.ts";
import type { FailedFile } from "./report.ts";
import type { SpokenString } from "./string-manifest.ts";
import { buildStringReport, type StringReport, type StringRow } from "./string-report.ts";

/** What was heard in one recording. */
type HeardString = {
  /** The digits, in order, for example `0451`. */
  heard: string;
  /** Length of the recording. */
  durationMs: number;
};

/** Settings of {@link evaluateStrings}. */
export type EvaluateStringsOptions = {
  /** What is recognized, in the order of the rows; may be none. */
  recordings: readonly SpokenString[];
  /** Recognizes one recording. */
  recognize: (recording: SpokenString) => Promise<HeardString>;
  /** Called after each recording with how many are done, failed ones too, and how many there are. */
  onProgress?: (nDone: number, nTotal: number) => void;
  /** Ends the evaluation; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** The report and what it sums up, in the order of the recordings, without the failed ones. */
export type StringEvaluation = { report: StringReport; rows: StringRow[] };

// A recognizer waits for the model at each step; with two under way the other one computes. Samples of more recordings
// would fill the memory where those are long.
const CONCURRENCY = 2;

type Outcome = { row: StringRow } | { failed: FailedFile };

/**
 * Recognizes recordings and sums up what was heard. A file that cannot be read or decoded is listed under `failed` and
 * does not stop the run: an {@link AudioFormatError}, a {@link FileError} or an error of the operating system.
 *
 * @param options See {@link EvaluateStringsOptions}.
 * @throws Any other error of `recognize`, as it is: the program or the model is at fault, not a file.
 */
export async function evaluateStrings(options: EvaluateStringsOptions): Promise<StringEvaluation> {
  const { recordings, onProgress, signal } = options;
  let nDone = 0;
  const run = async (recording: SpokenString) => {
    const outcome = await evaluateOne(recording, options);
    nDone++;
    onProgress?.(nDone, recordings.length);
    return outcome;
  };
  const outcomes = await pMap(recordings, run, { concurrency: CONCURRENCY, signal });
  const rows = outcomes.flatMap((outcome) => ("row" in outcome ? [outcome.row] : []));
  const failed = outcomes.flatMap((outcome) => ("failed" in outcome ? [outcome.failed] : []));
  return { report: buildStringReport(rows, failed), rows };
}

async function evaluateOne(recording: SpokenString, { recognize }: EvaluateStringsOptions): Promise<Outcome> {
  try {
    return { row: { ...recording, ...(await recognize(recording)) } };
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    return { failed: { path: recording.path, code, message: (error as Error).message } };
  }
}
