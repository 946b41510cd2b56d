import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { drawMixup, noMixup } from "./augment-spectrogram.ts";

test.each([0.05, 0.3, 1, 2])("weights have mean and variance of Beta(%f, %f)", (alpha) => {
  const { mixWeights } = drawMixup(20_000, { alpha, random: createRandom(1) });
  const mean = mixWeights.reduce((sum, w) => sum + w, 0) / mixWeights.length;
  const variance = mixWeights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / mixWeights.length;
  expect(mean).toBeCloseTo(0.5, 1.5);
  expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.004);
  expect(mixWeights.every((w) => w >= 0 && w <= 1)).toBe(true);
});

test("a tiny alpha still gives weights", () => {
  const { mixWeights } = drawMixup(1000, { alpha: 1e-4, random: createRandom(2) });
  expect(mixWeights.every((w) => w >= 0 && w <= 1)).toBe(true);
});

test("everyone is partner once", () => {
  const { permutation } = drawMixup(50, { alpha: 0.3, random: createRandom(3) });
  expect([...permutation].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect([...permutation]).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test("no mixup leaves everyone alone", () => {
  const { mixWeights, permutation } = noMixup(3);
  expect([...mixWeights]).toEqual([1, 1, 1]);
  expect([...permutation]).toEqual([0, 1, 2]);
});

test("an empty group is no fault", () => {
  expect(drawMixup(0, { alpha: 0.3, random: createRandom(4) }).mixWeights.length).toBe(0);
});
