import type { LiveDigit } from "./page-state.ts";

// Shorter pauses are within a number, longer ones between two.
const GROUP_PAUSE_MS = 1500;

/** The digits in a row as they are read, with a space where there was a pause. @param digits In the order they were said. */
export function digitString(digits: readonly Pick<LiveDigit, "digit" | "startMs" | "endMs">[]): string {
  return digits
    .map(({ digit, startMs }, i) => {
      const before = digits[i - 1];
      return before && startMs - before.endMs > GROUP_PAUSE_MS ? ` ${digit}` : digit;
    })
    .join("");
}
