import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { DecoderSettings } from "./digit-decoder.ts";
import { createDigitDecoder } from "./digit-decoder.ts";
import { bestStrings } from "./n-best.ts";
import { OH_WORD, OUTPUT_COUNT } from "./stream-net.ts";

const SETTINGS: DecoderSettings = {
  digitBias: 0,
  endBias: 0,
  digitPenalty: 2,
  otherPenalty: 0,
  minFrames: 3,
  lookahead: 1000,
  beam: Infinity,
};

/** Frames in which states have these probabilities, and the others share the rest. */
function frame(probs: Record<number, number>): Float32Array {
  const given = Object.values(probs).reduce((sum, prob) => sum + prob, 0);
  const row = new Float32Array(OUTPUT_COUNT).fill(Math.log((1 - given) / OUTPUT_COUNT));
  for (const [state, prob] of Object.entries(probs)) row[Number(state)] = Math.log(prob);
  return row;
}

const none = (count: number) => Array.from({ length: count }, () => frame({ 0: 0.9 }));

/** A word, or another one. */
function either(word: number, other: number, share: number): Float32Array[] {
  return [1, 1, 2, 2, 3, 3].map((part) =>
    frame({ [3 * word + part]: 0.9 * share, [3 * other + part]: 0.9 * (1 - share) }),
  );
}

describe("bestStrings", () => {
  it("lists the likeliest strings, each once, the likeliest first", () => {
    const rows = [...none(4), ...either(5, 9, 0.6), ...none(4), ...either(1, 7, 0.8), ...none(4)];
    const strings = bestStrings(rows, SETTINGS, { count: 4 });
    expect(strings.map(({ digits }) => digits)).toEqual(["51", "91", "57", "97"]);
    const scores = strings.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    // Six frames in which the one has 1.5 times the probability of the other.
    expect(scores[0]! - scores[1]!).toBeCloseTo(6 * Math.log(1.5), 4);
  });

  it("counts both words for zero as one string", () => {
    const rows = [...none(4), ...either(0, OH_WORD, 0.5), ...none(4)];
    const strings = bestStrings(rows, SETTINGS, { count: 3 });
    expect(strings.map(({ digits }) => digits).filter((digits) => digits === "0")).toHaveLength(1);
  });

  it("keeps to a known number of digits", () => {
    const rows = [...none(4), ...either(5, 9, 0.6), ...none(4), ...either(1, 7, 0.8), ...none(4)];
    for (const nDigits of [1, 2, 3]) {
      const strings = bestStrings(rows, SETTINGS, { count: 3, nDigits });
      expect(strings.length).toBeGreaterThan(0);
      for (const { digits } of strings) expect(digits).toHaveLength(nDigits);
    }
    expect(bestStrings(none(4), SETTINGS, { count: 3, nDigits: 6 })).toEqual([]);
  });

  it("has nothing but the empty string where there are no frames", () => {
    expect(bestStrings([], SETTINGS, { count: 3 })).toEqual([{ digits: "", score: 0 }]);
  });

  it("agrees with the digit decoder on the best one, whatever comes", () => {
    const random = createRandom(8);
    for (let trial = 0; trial < 10; trial++) {
      const rows = Array.from({ length: 60 }, () => {
        const row = Float32Array.from({ length: OUTPUT_COUNT }, () => 3 * random.normal());
        const total = Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
        return row.map((value) => value - total);
      });
      const decoder = createDigitDecoder(SETTINGS);
      const digits = [...rows.flatMap((row) => decoder.push(row)), ...decoder.end()];
      const [best] = bestStrings(rows, SETTINGS, { count: 3 });
      expect(best!.digits).toBe(digits.map(({ digit }) => digit).join(""));
    }
  });
});
