// Everything measured of one model file, as it is kept beside the file: what its card says comes from here.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FileError } from "../errors.ts";
import type { Expectation } from "../live/decoding.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { writeWhole } from "../write-whole.ts";
import { expectedCalibrationError, type ReliabilityBin, reliabilityTable } from "./calibration.ts";
import { DIGIT_TESTS, type DigitTestName, WORD_TESTS, type WordTestName } from "./held-out-material.ts";
import type { ListeningReport } from "./listening-report.ts";
import type { RejectionPart, RejectionReport } from "./rejection.ts";
import { buildReport, type EvaluationRow, type Report } from "./report.ts";
import type { RobustnessReport } from "./robustness.ts";

/** Layout of the file; raised when a reader of the old one would be misled. */
const MODEL_REPORT_VERSION = 1;

/** How many digits of one test are right. Shares are 0..1. */
export type DigitTestFigures = {
  n: number;
  /** Of which the best digit is the one spoken, whatever the threshold. */
  accuracy: number;
  /** Which are accepted as a digit, right or wrong. */
  accepted: number;
  /** Which are accepted as the digit spoken. */
  acceptedRight: number;
  nSpeakers: number;
  /** By speaker, where there are at most {@link MOST_SPEAKERS_LISTED}. */
  bySpeaker?: Record<string, { n: number; accuracy: number }>;
  /** Recall of each of the ten digits; null where there are none. */
  recall: (number | null)[];
  /** Counts [10][10]: row = true digit, column = best of the ten digits. */
  confusion: number[][];
  /** Expected calibration error of the confidence in the best digit, over 15 bins. */
  calibrationError: number;
  reliability: ReliabilityBin[];
};

/** Trainings of the same recipe, each tested on the speaker it left out. Shares of right best digits, 0..1. */
export type LeftOutFigures = { mean: number; worst: number; bySpeaker: Record<string, number> };

/** What is not told by the model file itself. */
export type MeasuredFigures = {
  digits: Partial<Record<DigitTestName, DigitTestFigures>>;
  rejection: Omit<RejectionReport, "words"> & { words: Partial<Record<WordTestName, RejectionPart>> };
  /** Of some or all clips of a test with digits. */
  robustness: Partial<Record<DigitTestName, RobustnessReport>>;
  leftOutSpeakers?: LeftOutFigures;
};

/** The whole report. */
export type ModelReport = MeasuredFigures & {
  version: typeof MODEL_REPORT_VERSION;
  model: {
    architecture: string;
    /** Least confidence of an accepted digit. */
    threshold: number;
    /** SHA-256 of the file measured, in hexadecimal. */
    sha256: string;
    bytes: number;
  };
  /** What was done to a recording before it was classified. */
  prepared: { trim: boolean };
};

/** The report of a stream model: numbers of people on the test part, for each way of listening. */
export type StreamReport = {
  version: typeof MODEL_REPORT_VERSION;
  model: Pick<ModelReport["model"], "sha256" | "bytes"> & { architecture: "stream" };
  people: Record<Expectation, ListeningReport>;
};

/** Above these, speakers are too many to list. */
export const MOST_SPEAKERS_LISTED = 20;

/** Sums up a test with digits. @param rows One a clip, each of a digit and with its confidence; at least one. */
export function digitTestFigures(rows: readonly EvaluationRow[]): DigitTestFigures {
  const { digits } = buildReport(rows);
  const speakers = Object.entries(digits.bySpeaker);
  const points = rows.map(({ confidence = 0, topDigit, label }) => ({
    confidence,
    correct: topDigit === label,
  }));
  return {
    n: digits.n,
    accuracy: digits.accuracy ?? 0,
    accepted: digits.accepted ?? 0,
    acceptedRight: rows.filter(({ digit, label }) => digit === label).length / rows.length,
    nSpeakers: speakers.length,
    ...(speakers.length <= MOST_SPEAKERS_LISTED && {
      bySpeaker: Object.fromEntries(
        speakers.map(([name, { n, accuracy }]) => [name, { n, accuracy: accuracy ?? 0 }]),
      ),
    }),
    recall: digits.perDigit.map(({ recall }) => recall),
    confusion: digits.confusion,
    calibrationError: expectedCalibrationError(points) ?? 0,
    reliability: reliabilityTable(points),
  };
}

/**
 * Sums up trainings that each left a speaker out.
 *
 * @param report Over all clips, each classified by the model for which its speaker is unseen: what `train --protocol
 *   fsdd-loso --json` prints.
 */
export function leftOutFigures(report: Pick<Report, "digits">): LeftOutFigures {
  const speakers = Object.entries(report.digits.bySpeaker);
  const bySpeaker = Object.fromEntries(speakers.map(([name, { accuracy }]) => [name, accuracy ?? 0]));
  const shares = Object.values(bySpeaker);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { mean, worst: Math.min(...shares), bySpeaker };
}

/**
 * Puts the report of a model file together.
 *
 * @param bytes The file that was measured.
 * @param options.info What it says of itself.
 * @param options.threshold The least confidence for a digit that it was measured with.
 * @param options.trim Whether silence was cut off both ends of a recording first.
 * @param options.figures What was measured.
 */
export function buildModelReport(
  bytes: Uint8Array,
  options: { info: ModelInfo; threshold: number; trim: boolean; figures: MeasuredFigures },
): ModelReport {
  const { info, threshold, trim, figures } = options;
  const { architecture } = info;
  return {
    version: MODEL_REPORT_VERSION,
    model: { architecture, threshold, sha256: fileDigest(bytes), bytes: bytes.length },
    prepared: { trim },
    ...figures,
  };
}

/**
 * Puts the report of a stream model together. Speakers are not listed.
 *
 * @param bytes The file that was measured.
 * @param people What was measured.
 */
export function buildStreamReport(bytes: Uint8Array, people: StreamReport["people"]): StreamReport {
  return {
    version: MODEL_REPORT_VERSION,
    model: { architecture: "stream", sha256: fileDigest(bytes), bytes: bytes.length },
    people: JSON.parse(JSON.stringify(people, (key, value) => (key === "bySpeaker" ? {} : value))),
  };
}

/** SHA-256 in hexadecimal. @param bytes Of a file. */
export function fileDigest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Writes a report as JSON, in whole or not at all.
 *
 * @param path Its place, for example `models/compact.report.json`.
 * @param report What to write.
 * @throws {FileError} It cannot be written.
 */
export async function writeModelReport(path: string, report: ModelReport | StreamReport): Promise<void> {
  await writeWhole(path, `${JSON.stringify(report, null, 1)}\n`);
}

/**
 * Reads a report.
 *
 * @param path Of a file of {@link writeModelReport}.
 * @throws {FileError} It cannot be read, or is no such report; the message says what to do.
 */
export async function readModelReport(path: string): Promise<ModelReport | StreamReport> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is none" : cause.message;
    throw new FileError(`readModelReport: ${path}: ${reason}; ${ADVICE}`, { cause });
  });
  const report = parse(text);
  if (report) return report;
  throw new FileError(
    `readModelReport: ${path}: expected a report of layout ${MODEL_REPORT_VERSION}, got something else; ${ADVICE}`,
  );
}

const ADVICE =
  "make one with `spoken-digits robustness --report FILE`, of a stream model with `measure people --report FILE`";

function parse(text: string): ModelReport | StreamReport | undefined {
  let value: Partial<ModelReport & StreamReport> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    return undefined;
  }
  const isObject = (part: unknown) => typeof part === "object" && part !== null;
  if (!isObject(value) || value?.version !== MODEL_REPORT_VERSION) return undefined;
  const { model, people, digits, rejection, robustness } = value;
  if (isObject(people) && isObject(model)) return value as StreamReport;
  if (![model, digits, rejection, robustness].every(isObject)) return undefined;
  const known = { ...DIGIT_TESTS, ...WORD_TESTS };
  const names = [digits, robustness, rejection?.words].flatMap((part) => Object.keys(part ?? {}));
  return names.every((name) => name in known) ? (value as ModelReport) : undefined;
}
