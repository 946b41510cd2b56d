// How many of the files whose names say what they are were heard right.

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
