import { type Cell, toCsvText } from "./csv-text.ts";
import type { FileRow } from "./many-files.ts";

/** Counts over the files that have a label and were heard. */
export type FileScores = {
  total: number;
  right: number;
  /** [label, heard]: 0-9 each, and as an eleventh place what was heard otherwise: nothing, or several digits. */
  confusion: number[][];
};

/** Whether a file was heard right; null where its name says nothing. @param row A row that is done. */
export function isRight(row: FileRow): boolean | null {
  const { label, digits } = row;
  if (label === null) return null;
  return digits === (label === "none" ? "" : String(label));
}

/**
 * Counts what was heard right, and what was taken for what.
 *
 * @param rows The table.
 * @returns Null where no name has a label.
 */
export function scoreFiles(rows: readonly FileRow[]): FileScores | null {
  const scored = rows.filter(({ state, label }) => state === "done" && typeof label === "number");
  if (scored.length === 0) return null;
  const confusion = Array.from({ length: 10 }, () => new Array<number>(11).fill(0));
  for (const { label, digits } of scored) {
    confusion[label as number]![digits.length === 1 ? Number(digits) : 10]!++;
  }
  return { total: scored.length, right: scored.filter((row) => isRight(row)).length, confusion };
}

const COLUMNS = ["path", "state", "digits", "confidence", "seconds", "label", "right", "problem"] as const;

/**
 * The table of files as text.
 *
 * @param rows The files, in the order they were found.
 * @param kind `csv` (RFC 4180) or `json`.
 */
export function exportFiles(rows: readonly FileRow[], kind: "csv" | "json"): string {
  const records = rows.map(recordOf);
  if (kind === "json") return `${JSON.stringify(records, null, 2)}\n`;
  return toCsvText([COLUMNS, ...records.map((record) => COLUMNS.map((column) => cellOf(record[column])))]);
}

function recordOf(row: FileRow) {
  const { path, state, digits, confidence, durationMs, label, problem } = row;
  const isDone = state === "done";
  return {
    path,
    state,
    digits,
    confidence: isDone ? Number(confidence.toFixed(6)) : null,
    seconds: isDone ? Number((durationMs / 1000).toFixed(3)) : null,
    label,
    right: isDone ? isRight(row) : null,
    problem,
  };
}

function cellOf(value: string | number | boolean | null): Cell {
  return typeof value === "boolean" ? String(value) : value;
}
