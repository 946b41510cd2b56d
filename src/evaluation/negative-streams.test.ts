import { describe, expect, it } from "vitest";
import { madeUpWords } from "../../test/support/made-up-words.ts";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { makeNegativeStream } from "./negative-streams.ts";

const random = createRandom(2);
const MATERIAL = {
  speech: madeUpWords(1).map(({ samples }) => samples),
  noises: [Float32Array.from({ length: 16_000 }, () => 0.1 * random.normal())],
};

const levelDb = (samples: Float32Array) =>
  10 * Math.log10(samples.reduce((sum, value) => sum + value * value, 0) / samples.length + 1e-12);

describe("makeNegativeStream", () => {
  it.each(["noise", "speech"] as const)("makes %s of the length asked for, the same each time", (kind) => {
    const options = { kind, seconds: 5, seed: 1, index: 3 };
    const samples = makeNegativeStream(MATERIAL, options);
    expect(samples).toHaveLength(40_000);
    expect(samples.every((value) => Math.abs(value) <= 10 ** (-3 / 20) + 1e-6)).toBe(true);
    expect(makeNegativeStream(MATERIAL, options)).toEqual(samples);
    expect(makeNegativeStream(MATERIAL, { ...options, index: 4 })).not.toEqual(samples);
  });

  it("has no pauses in noise and some in speech", () => {
    const quietest = (kind: "noise" | "speech") => {
      const samples = makeNegativeStream(MATERIAL, { kind, seconds: 20, seed: 1, index: 0 });
      const levels = Array.from({ length: 400 }, (_, i) => levelDb(samples.subarray(400 * i, 400 * i + 400)));
      return levelDb(samples) - Math.min(...levels);
    };
    expect(quietest("noise")).toBeLessThan(10);
    expect(quietest("speech")).toBeGreaterThan(8);
  });

  it("refuses to make what there is no material for", () => {
    const options = { kind: "speech", seconds: 1, seed: 1, index: 0 } as const;
    expect(() => makeNegativeStream({ ...MATERIAL, speech: [] }, options)).toThrow(InvalidArgumentError);
    expect(() => makeNegativeStream({ ...MATERIAL, noises: [] }, options)).toThrow(InvalidArgumentError);
  });
});
