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
  ["a setting out of range", { data: digits([clip], [1]), settings: { ...settings, noneShare: 2 } }],
])("refuses %s", (_, options) => {
  expect(() => createBatchSource({ seed: 1, settings, ...options })).toThrow(InvalidArgumentError);
});
