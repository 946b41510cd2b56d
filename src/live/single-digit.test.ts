import { describe, expect, it } from "vitest";
import { singleDigitLogProbs } from "./single-digit.ts";
import { OH_WORD, OUTPUT_COUNT } from "./stream-net.ts";

const SETTINGS = { digitBias: 0, endBias: 0, digitPenalty: 2, otherPenalty: 0 };

function frames(...runs: [state: number, count: number, prob?: number][]): Float32Array[] {
  return runs.flatMap(([state, count, prob = 0.9]) =>
    Array.from({ length: count }, () => {
      const row = new Float32Array(OUTPUT_COUNT).fill(Math.log((1 - prob) / (OUTPUT_COUNT - 1)));
      row[state] = Math.log(prob);
      return row;
    }),
  );
}

const said = (word: number, count: number): [number, number][] =>
  [1, 2, 3].map((part) => [3 * word + part, count]);

function likeliest(rows: readonly Float32Array[]): number {
  const logProbs = singleDigitLogProbs(rows, SETTINGS);
  return logProbs.indexOf(Math.max(...logProbs));
}

describe("singleDigitLogProbs", () => {
  it("finds the digit between none, and none where there is no digit", () => {
    for (const digit of [0, 4, 9]) expect(likeliest(frames([0, 5], ...said(digit, 3), [0, 5]))).toBe(digit);
    expect(likeliest(frames([0, 20]))).toBe(10);
  });

  it("takes oh for zero, and a digit that a clip begins and ends with", () => {
    expect(likeliest(frames(...said(OH_WORD, 3)))).toBe(0);
  });

  it("takes the better one of two digits: a clip holds one at most", () => {
    expect(likeliest(frames([0, 2], ...said(3, 2), [0, 3], ...said(8, 6), [0, 2]))).toBe(8);
  });

  it("is less sure of a digit whose states come in another order", () => {
    const [begin, middle, end] = said(5, 3) as [[number, number], [number, number], [number, number]];
    const overNone = (...states: [number, number][]) => {
      const logProbs = singleDigitLogProbs(frames([0, 5], ...states, [0, 5]), SETTINGS);
      return logProbs[5]! - logProbs[10]!;
    };
    expect(overNone(end, middle, begin)).toBeLessThan(overNone(begin, middle, end) - 1);
  });

  it("gives probabilities that sum to 1", () => {
    const logProbs = singleDigitLogProbs(frames([0, 5], ...said(6, 3), [0, 5]), SETTINGS);
    expect(logProbs).toHaveLength(11);
    expect(logProbs.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 5);
  });
});
