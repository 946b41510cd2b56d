import { expect, test } from "vitest";
import { asClips } from "../../../test/support/made-up-clips.ts";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { createBatchSource } from "./batch-source.ts";

const clip = Float32Array.of(0.1, -0.2);
const settings = { ...DEFAULT_AUGMENTATION, roomCount: 1 };

const digits = (samples: Float32Array[], labels: number[]) => ({ digits: asClips(samples, labels) });

test("takes digits with their labels, and the settings", () => {
  const data = digits([clip, clip], [0, 10]);
  const source = createBatchSource({ data, seed: 1, settings: NO_AUGMENTATION });
  expect(source.settings).toBe(NO_AUGMENTATION);
  expect(source.clips).toEqual([clip, clip]);
});

test.each([
  ["no digits", { data: {} }],
  ["an empty clip", { data: digits([new Float32Array(0)], [1]) }],
  ["a clip with NaN", { data: digits([Float32Array.of(Number.NaN)], [1]) }],
  ["a missing label", { data: digits([clip, clip], [1]) }],
  ["a label of 11", { data: digits([clip], [11]) }],
  ["half a label", { data: digits([clip], [0.5]) }],
  ["empty noise", { data: { ...digits([clip], [1]), noise: asClips([new Float32Array(0)]) } }],
  [
    "an infinite other word",
    { data: { ...digits([clip], [1]), negatives: asClips([Float32Array.of(Number.POSITIVE_INFINITY)]) } },
  ],
  ["a setting out of range", { data: digits([clip], [1]), settings: { ...settings, noneShare: 2 } }],
])("refuses %s", (_, options) => {
  expect(() => createBatchSource({ seed: 1, settings, ...options })).toThrow(InvalidArgumentError);
});
