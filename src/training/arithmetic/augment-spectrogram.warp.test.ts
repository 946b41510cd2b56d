import { expect, test } from "vitest";
import { warpFactors } from "./augment-spectrogram.ts";

test("factors rise from the lowest to the highest, with exactly 1 in the middle", () => {
  const factors = warpFactors({ warp: [0.85, 1.18], warpCount: 13 });
  expect(factors.length).toBe(13);
  expect(factors[0]).toBeCloseTo(0.85, 12);
  expect(factors[6]).toBe(1);
  expect(factors[12]).toBeCloseTo(1.18, 12);
  factors.slice(1).forEach((factor, i) => {
    expect(factor).toBeGreaterThan(factors[i]!);
  });
});

test("one factor is no warp", () => {
  expect(warpFactors({ warp: [0.5, 2], warpCount: 1 })).toEqual([1]);
});

test("on either side they are evenly spaced in the logarithm", () => {
  expect(warpFactors({ warp: [0.81, 1.44], warpCount: 5 }).map((x) => Number(x.toFixed(9)))).toEqual([
    0.81, 0.9, 1, 1.2, 1.44,
  ]);
});
