// What an evaluation comes to: figures over recordings of one digit or none, and over recordings of several digits.

import type { Label } from "../corpus/recording.ts";
import type { ErrorCode } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { DIGIT_WORDS } from "../model/prediction.ts";
import type { SpokenString } from "./manifest.ts";
import { countStringErrors, type StringErrors } from "./string-errors.ts";

/** One recording and the prediction for it. */
export type EvaluationRow = {
  /** What is said in it. */
  label: Label;
  /** The best of the ten digits, whatever the threshold. */
  topDigit: number;
  /** The prediction: a digit, or null for none. */
  digit: number | null;
  /** Probability of `topDigit`, 0..1. */
  confidence?: number;
  /** Default: `unknown`. */
  speaker?: string;
  /** Default: `unknown`. */
  corpus?: string;
  path?: string;
};

/** A recording that could not be read or decoded. */
export type FailedFile = { path: string; code: ErrorCode; message: string };

type Failures = { n: number; files: FailedFile[] };

/** Figures over clips of digits. Shares are 0..1, null where there is no clip. */
type DigitFigures = {
  n: number;
  /** Share of clips whose best digit is the right one, whatever the threshold. */
  accuracy: number | null;
  /** Share of clips that are accepted as a digit, right or wrong. */
  accepted: number | null;
};

/** Figures over clips that hold no digit. */
type NoneFigures = {
  n: number;
  /** Share of clips that are false accepts, 0..1; null where there is no clip. */
  falseAccept: number | null;
};

/** Figures of one digit, by the best of the ten digits, over the clips of digits. Null where undefined (0 / 0). */
type PerDigit = {
  digit: number;
  /** Precision: share of the clips predicted as this digit that are of it. */
  precision: number | null;
  /** Recall: share of the clips of this digit that are predicted as it. */
  recall: number | null;
  /** Harmonic mean of the two. */
  f1: number | null;
  /** How many clips are of this digit. */
  support: number;
};

/** Everything measured in one evaluation; what `evaluate --json` prints. Names in each group are sorted. */
export type Report = {
  /** Clips classified, those of digits and others; failed files are not among them. */
  n: number;
  digits: DigitFigures & {
    byCorpus: Record<string, DigitFigures>;
    bySpeaker: Record<string, { n: number; accuracy: number | null }>;
    /** Ten entries, in the order of the digits. */
    perDigit: PerDigit[];
    /** Counts [10][10]: row = true digit, column = best of the ten digits. */
    confusion: number[][];
  };
  none: NoneFigures & { byCorpus: Record<string, NoneFigures> };
  failed: Failures;
};

/** One recording, and the digits heard in it. */
export type StringRow = SpokenString & {
  heard: string;
  /** Length of the recording. */
  durationMs: number;
};

/** Figures over recordings. */
export type StringFigures = StringErrors & {
  /** Recordings. */
  n: number;
  /** Digits spoken in them. */
  nDigits: number;
  /** Length of them all. `insertions` over it is the rate of false digits where none is spoken. */
  durationMs: number;
  /** All errors over `nDigits`, from 0; above 1 where more was made up than spoken. Null where no digit is spoken. */
  digitErrorRate: number | null;
  /** Share of recordings without an error, 0..1; where nothing is spoken, nothing may be heard. Null where `n` is 0. */
  stringAccuracy: number | null;
};

/** Everything measured in one evaluation; what `evaluate-strings --json` prints. Names in each group are sorted. */
export type StringReport = StringFigures & {
  byCorpus: Record<string, StringFigures>;
  /** A name alone: speakers of one name in two corpora count as one. */
  bySpeaker: Record<string, StringFigures>;
  failed: Failures;
};

type DigitRow = EvaluationRow & { label: number };

const UNKNOWN = "unknown";
const DIGITS: readonly number[] = [...DIGIT_WORDS.keys()];

/**
 * Sums up an evaluation. The order of the rows plays no part.
 *
 * @param rows One a clip that was classified.
 * @param failed Files that could not be read. Default: none. They count nowhere but under `failed`.
 */
export function buildReport(rows: readonly EvaluationRow[], failed: readonly FailedFile[] = []): Report {
  const digitRows = rows.filter((row): row is DigitRow => row.label !== "none");
  const noneRows = rows.filter((row) => row.label === "none");
  const confusion = countConfusion(digitRows);
  return {
    n: rows.length,
    digits: {
      ...digitFigures(digitRows),
      byCorpus: figuresBy(digitRows, (row) => row.corpus, digitFigures),
      bySpeaker: figuresBy(digitRows, (row) => row.speaker, speakerFigures),
      perDigit: DIGITS.map((digit) => perDigit(confusion, digit)),
      confusion,
    },
    none: { ...noneFigures(noneRows), byCorpus: figuresBy(noneRows, (row) => row.corpus, noneFigures) },
    failed: failures(failed),
  };
}

/**
 * Sums up an evaluation of {@link StringRow}. The order of the rows plays no part.
 *
 * @param rows One a recording that was heard.
 * @param failed Files that could not be read. Default: none. They count nowhere but under `failed`.
 */
export function buildStringReport(
  rows: readonly StringRow[],
  failed: readonly FailedFile[] = [],
): StringReport {
  return {
    ...stringFigures(rows),
    byCorpus: figuresBy(rows, ({ corpus }) => corpus, stringFigures),
    bySpeaker: figuresBy(rows, ({ speaker }) => speaker, stringFigures),
    failed: failures(failed),
  };
}

/**
 * Sums up recordings of {@link StringRow}. The order of the rows plays no part.
 *
 * @param rows What is said in each, what was heard, and how long it is. Default of the latter: 0.
 */
export function stringFigures(
  rows: readonly (Pick<StringRow, "digits" | "heard"> & { durationMs?: number })[],
): StringFigures {
  const errors = rows.map(({ digits, heard }) => countStringErrors(digits, heard));
  const [substitutions, deletions, insertions] = [
    sum(errors.map((counts) => counts.substitutions)),
    sum(errors.map((counts) => counts.deletions)),
    sum(errors.map((counts) => counts.insertions)),
  ];
  const nDigits = sum(rows.map(({ digits }) => digits.length));
  const nRight = rows.filter(({ digits, heard }) => digits === heard).length;
  return {
    n: rows.length,
    nDigits,
    durationMs: sum(rows.map(({ durationMs = 0 }) => durationMs)),
    digitErrorRate: ratio(substitutions + deletions + insertions, nDigits),
    stringAccuracy: ratio(nRight, rows.length),
    substitutions,
    deletions,
    insertions,
  };
}

const failures = (failed: readonly FailedFile[]): Failures => ({ n: failed.length, files: [...failed] });

function countConfusion(rows: readonly DigitRow[]): number[][] {
  const counts = DIGITS.map(() => DIGITS.map(() => 0));
  for (const { label, topDigit } of rows) counts[label]![topDigit]!++;
  return counts;
}

function digitFigures(rows: readonly DigitRow[]): DigitFigures {
  return {
    n: rows.length,
    accuracy: share(rows, (row) => row.topDigit === row.label),
    accepted: share(rows, (row) => row.digit !== null),
  };
}

function speakerFigures(rows: readonly DigitRow[]): { n: number; accuracy: number | null } {
  const { n, accuracy } = digitFigures(rows);
  return { n, accuracy };
}

function noneFigures(rows: readonly EvaluationRow[]): NoneFigures {
  return { n: rows.length, falseAccept: share(rows, (row) => row.digit !== null) };
}

function perDigit(confusion: readonly number[][], digit: number): PerDigit {
  const nRight = confusion[digit]![digit]!;
  const support = sum(confusion[digit]!);
  const nTaken = sum(confusion.map((counts) => counts[digit]!));
  return {
    digit,
    precision: ratio(nRight, nTaken),
    recall: ratio(nRight, support),
    f1: ratio(2 * nRight, nTaken + support),
    support,
  };
}

function figuresBy<Row, Figures>(
  rows: readonly Row[],
  nameOf: (row: Row) => string | undefined,
  figures: (rows: readonly Row[]) => Figures,
): Record<string, Figures> {
  const groups = groupBy(rows, (row) => nameOf(row) ?? UNKNOWN);
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, group]) => [name, figures(group)]));
}

function share<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number | null {
  return ratio(rows.filter(holds).length, rows.length);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
