import { expect, test } from "vitest";
import { softTargets } from "./augment-spectrogram.ts";

const rounded = (targets: Float32Array) => Array.from(targets, (x) => Number(x.toFixed(5)));

test("without smoothing and mixing a target is one at its class", () => {
  expect(rounded(softTargets({ labels: [2, 0], classes: 3, smoothing: 0 }))).toEqual([0, 0, 1, 1, 0, 0]);
});

test("smoothing spreads its share over all classes, the right one too", () => {
  expect(rounded(softTargets({ labels: [1], classes: 4, smoothing: 0.2 }))).toEqual([0.05, 0.85, 0.05, 0.05]);
});

test("mixing blends with the partner's class, worked by hand", () => {
  const targets = softTargets({
    labels: [0, 2, 2],
    classes: 3,
    smoothing: 0.3,
    mixWeights: [0.75, 0.5, 1],
    permutation: [1, 2, 0],
  });
  const expected = [0.1 + 0.7 * 0.75, 0.1, 0.1 + 0.7 * 0.25, 0.1, 0.1, 0.8, 0.1, 0.1, 0.8];
  expect(rounded(targets)).toEqual(expected.map((x) => Number(x.toFixed(5))));
});

test("each target sums to one", () => {
  const labels = [10, 3, 7, 3];
  const targets = softTargets({
    labels,
    classes: 11,
    smoothing: 0.1,
    mixWeights: [0.1, 0.9, 0.3, 0],
    permutation: [3, 2, 1, 0],
  });
  for (let i = 0; i < labels.length; i++)
    expect(targets.subarray(11 * i, 11 * i + 11).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 6);
});
