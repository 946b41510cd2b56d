import type { HistoryEntry } from "./history.ts";

const COLUMNS = ["time", "name", "source", "digit", "confidence", "reason", "ms"] as const;

/**
 * Answers as a table for a spreadsheet: comma-separated with a header (RFC 4180), the oldest first.
 *
 * @param entries Answers, the newest first.
 */
export function toCsv(entries: readonly HistoryEntry[]): string {
  const header = [...COLUMNS, ...Array.from({ length: 10 }, (_, digit) => `p${digit}`), "none"];
  const rows = entries.toReversed().map((entry) => {
    const row = rowOf(entry);
    return [...COLUMNS.map((column) => row[column]), ...row.probs, row.noneProb];
  });
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Answers as JSON, the oldest first. @param entries Answers, the newest first. */
export function toJson(entries: readonly HistoryEntry[]): string {
  return `${JSON.stringify(entries.toReversed().map(rowOf), null, 2)}\n`;
}

function rowOf({ time, name, origin, digit, confidence, none, ms, probs, noneProb }: HistoryEntry) {
  const rounded = (value: number) => Number(value.toFixed(6));
  return {
    time: time.toISOString(),
    name,
    source: origin,
    digit,
    confidence: rounded(confidence),
    reason: none,
    ms: Number(ms.toFixed(2)),
    probs: probs.map(rounded),
    noneProb: rounded(noneProb),
  };
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  // A leading =, +, - or @ would be run as a formula by spreadsheets.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
