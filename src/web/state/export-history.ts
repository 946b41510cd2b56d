import type { SpokenDigit } from "../engine/utterance.ts";
import { toCsvText } from "./csv-text.ts";
import type { HistoryEntry } from "./history.ts";
import { digitsOf } from "./number-text.ts";

const COLUMNS = ["time", "name", "source", "digits", "label", "confidence", "reason", "ms"] as const;

/**
 * Answers as a table for a spreadsheet: comma-separated with a header (RFC 4180), the oldest first. The probabilities are
 * those of single digits.
 *
 * @param entries Answers, the newest first.
 */
export function toCsv(entries: readonly HistoryEntry[]): string {
  const header = [...COLUMNS, ...Array.from({ length: 10 }, (_, digit) => `p${digit}`), "none"];
  const rows = entries.toReversed().map((entry) => {
    const row = rowOf(entry);
    const probs = row.probs ?? new Array<null>(10).fill(null);
    return [...COLUMNS.map((column) => row[column]), ...probs, row.noneProb];
  });
  return toCsvText([header, ...rows]);
}

/** Answers as JSON, the oldest first; numbers with the places of their digits. @param entries Answers, the newest first. */
export function toJson(entries: readonly HistoryEntry[]): string {
  const rows = entries.toReversed().map((entry) => ({
    ...rowOf(entry),
    places: entry.utterance.digits.map(placeOf),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function rowOf({ time, name, origin, utterance }: HistoryEntry) {
  const { digits, none, prediction, ms } = utterance;
  return {
    time: time.toISOString(),
    name,
    source: origin,
    digits: digitsOf(utterance),
    label: digits.some(({ label }) => label !== undefined) ? labelOf(digits) : null,
    confidence: digits.length > 0 ? rounded(Math.min(...digits.map(({ confidence }) => confidence))) : null,
    reason: none,
    ms: Number(ms.toFixed(2)),
    probs: prediction?.probs.map(rounded) ?? null,
    noneProb: prediction && rounded(prediction.noneProb),
  };
}

function labelOf(digits: readonly SpokenDigit[]): string {
  return digitsOf({ digits }) || "none";
}

function placeOf({ digit, label, confidence, startMs, endMs }: SpokenDigit) {
  const [start, end] = [Math.round(startMs), Math.round(endMs)];
  const place = { digit, confidence: rounded(confidence), startMs: start, endMs: end };
  return label === undefined ? place : { ...place, label };
}

function rounded(value: number): number {
  return Number(value.toFixed(6));
}
