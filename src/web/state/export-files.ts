import type { Cell } from "./csv-text.ts";
import { toCsvText } from "./csv-text.ts";
import { isRight } from "./file-scores.ts";
import type { FileRow } from "./many-files.ts";

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
