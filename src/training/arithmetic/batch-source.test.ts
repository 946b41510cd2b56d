import { expect, test } from "vitest";
import { InvalidArgumentError } from "../../errors.ts";
import { DEFAULT_AUGMENTATION, NO_AUGMENTATION } from "./augmentation-settings.ts";
import { createBatchSource } from "./batch-source.ts";

const clip = Float32Array.of(0.1, -0.2);
const settings = { ...DEFAULT_AUGMENTATION, roomCount: 1 };

test("takes clips with their labels, and the recipe by default", () => {
  const source = createBatchSource({ clips: [clip, clip], labels: [0, 10], seed: 1 });
  expect(source.settings).toBe(DEFAULT_AUGMENTATION);
  expect(createBatchSource({ clips: [clip], labels: [9], seed: 1, settings: NO_AUGMENTATION }).settings).toBe(
    NO_AUGMENTATION,
  );
});

test.each([
  ["no clips", { clips: [], labels: [] }],
  ["an empty clip", { clips: [new Float32Array(0)], labels: [1] }],
  ["a clip with NaN", { clips: [Float32Array.of(Number.NaN)], labels: [1] }],
  ["a missing label", { clips: [clip, clip], labels: [1] }],
  ["a label of 11", { clips: [clip], labels: [11] }],
  ["half a label", { clips: [clip], labels: [0.5] }],
  ["empty noise", { clips: [clip], labels: [1], recordedNoise: [new Float32Array(0)] }],
  [
    "an infinite other word",
    { clips: [clip], labels: [1], otherWords: [Float32Array.of(Number.POSITIVE_INFINITY)] },
  ],
  ["a setting out of range", { clips: [clip], labels: [1], settings: { ...settings, noneShare: 2 } }],
])("refuses %s", (_, options) => {
  expect(() => createBatchSource({ seed: 1, settings, ...options })).toThrow(InvalidArgumentError);
});
