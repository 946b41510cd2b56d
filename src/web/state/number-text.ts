import type { SpokenDigit, Utterance } from "../engine/utterance.ts";

/** How a number is written: as one row, with a space where the speaker paused, or in groups of a fixed length. */
export type Grouping = "none" | "spoken" | "4-4-4-4" | "3-3-4";

/** One digit of a number, and whether a space comes before it. `index`: its place among the digits heard. */
export type WrittenDigit = { digit: number; index: number; startsGroup: boolean };

// Shorter pauses are within a number, longer ones between two.
const GROUP_PAUSE_MS = 1500;
// Right digits are seldom less sure than this.
const UNSURE = 0.6;

/** What a digit counts as: what the reader says of it, else what was heard; null for none. @param heard The digit. */
export function meant(heard: SpokenDigit): number | null {
  const { digit, label } = heard;
  if (label === undefined) return digit;
  return label === "none" ? null : label;
}

/** Whether a digit should be looked at twice. @param heard The digit. */
export function isUnsure(heard: SpokenDigit): boolean {
  const { digit, confidence, label } = heard;
  return label === undefined && digit !== null && confidence < UNSURE;
}

/**
 * The digits of a number as they are written.
 *
 * @param digits In the order they were said; those that are none are left out.
 * @param grouping See {@link Grouping}.
 */
export function written(digits: readonly SpokenDigit[], grouping: Grouping): WrittenDigit[] {
  const kept = digits.flatMap((heard, index) => {
    const digit = meant(heard);
    return digit === null ? [] : [{ digit, index, heard }];
  });
  const starts = groupStarts(
    kept.map(({ heard }) => heard),
    grouping,
  );
  return kept.map(({ digit, index }, i) => ({ digit, index, startsGroup: starts.has(i) }));
}

/** A number as text. @param digits In the order they were said. @param grouping See {@link Grouping}. */
export function numberText(digits: readonly SpokenDigit[], grouping: Grouping): string {
  return written(digits, grouping)
    .map(({ digit, startsGroup }) => (startsGroup ? ` ${digit}` : digit))
    .join("");
}

/** The digits of an utterance without spaces; empty where there is none. @param utterance What was said. */
export function digitsOf({ digits }: Pick<Utterance, "digits">): string {
  return numberText(digits, "none");
}

function groupStarts(digits: readonly SpokenDigit[], grouping: Grouping): ReadonlySet<number> {
  if (grouping === "none") return new Set();
  if (grouping === "spoken") return pauses(digits);
  const sizes = grouping.split("-").map(Number);
  const starts = new Set<number>();
  for (let at = 0, group = 0; at < digits.length; group++) {
    at += sizes[group % sizes.length]!;
    starts.add(at);
  }
  return starts;
}

function pauses(digits: readonly SpokenDigit[]): ReadonlySet<number> {
  const after = (i: number) => digits[i]!.startMs - digits[i - 1]!.endMs > GROUP_PAUSE_MS;
  return new Set(digits.flatMap((_, i) => (i > 0 && after(i) ? [i] : [])));
}
