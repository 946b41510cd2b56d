import type { SpokenString } from "./manifest.ts";
import type { FailedFile } from "./report.ts";
import { countStringErrors, type StringErrors } from "./string-errors.ts";

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
  failed: { n: number; files: FailedFile[] };
};

/**
 * Sums up an evaluation. The order of the rows plays no part.
 *
 * @param rows One a recording that was heard.
 * @param failed Files that could not be read. Default: none. They count nowhere but under `failed`.
 */
export function buildStringReport(
  rows: readonly StringRow[],
  failed: readonly FailedFile[] = [],
): StringReport {
  return {
    ...figuresOf(rows),
    byCorpus: figuresBy(rows, ({ corpus }) => corpus),
    bySpeaker: figuresBy(rows, ({ speaker }) => speaker),
    failed: { n: failed.length, files: [...failed] },
  };
}

function figuresOf(rows: readonly StringRow[]): StringFigures {
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
    durationMs: sum(rows.map(({ durationMs }) => durationMs)),
    digitErrorRate: ratio(substitutions + deletions + insertions, nDigits),
    stringAccuracy: ratio(nRight, rows.length),
    substitutions,
    deletions,
    insertions,
  };
}

function figuresBy(
  rows: readonly StringRow[],
  nameOf: (row: StringRow) => string,
): Record<string, StringFigures> {
  const names = [...new Set(rows.map(nameOf))].sort();
  return Object.fromEntries(
    names.map((name) => [name, figuresOf(rows.filter((row) => nameOf(row) === name))]),
  );
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
