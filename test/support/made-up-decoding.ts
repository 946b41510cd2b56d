// Ways of listening that nobody has tuned, for tests.

import type { Decoding } from "../../src/live/decoding.ts";

/**
 * One way of finding digits for all that may be expected.
 *
 * @param settings How paths are chosen, and the least confidence.
 * @param changes Settings of numbers alone, and what a string's confidence gives for its digits'.
 */
export function madeUpDecoding(
  settings: Decoding["any"],
  { aloneQuietMs = 320, confidence = 0 }: { aloneQuietMs?: number; confidence?: number } = {},
): Decoding {
  const numbers = {
    digitCost: 0.35,
    entryCost: 0.6,
    maxGapMs: 1500,
    aloneContrastDb: 10,
    aloneConfidence: 0.3,
    aloneQuietMs,
  };
  return {
    any: settings,
    digits: settings,
    numbers: { ...settings, ...numbers },
    stringConfidence: { offset: 0, margin: 1, confidence },
  };
}
