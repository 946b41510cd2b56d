import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { DITHER_TOLERANCE, findDuplicates } from "./find-duplicates.ts";

const noise = (seed: number, length = 1000) => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => 0.1 * random.normal());
};

const dithered = (samples: Float32Array, seed: number) => {
  const random = createRandom(seed);
  return samples.map((value) => value + random.integer(-1, 2) / 32768);
};

describe("findDuplicates", () => {
  it("finds equal clips wherever they are in the list", () => {
    const clips = [noise(1), noise(2), noise(1), noise(3), noise(2), noise(1)];
    expect(findDuplicates(clips)).toEqual([
      [0, 2, 5],
      [1, 4],
    ]);
  });

  it("finds copies that differ by dither", () => {
    const clips = [noise(1), dithered(noise(1), 7), noise(2), dithered(noise(1), 8)];
    expect(findDuplicates(clips)).toEqual([[0, 1, 3]]);
  });

  it("tells clips apart that differ in one sample by more, in level or in length", () => {
    const louder = noise(1).map((value) => value * 1.01);
    const clicked = noise(1);
    clicked[500]! += 2 * DITHER_TOLERANCE;
    expect(findDuplicates([noise(1), louder, clicked, noise(1, 999)])).toEqual([]);
  });

  it("finds the one pair among many clips of the same level", () => {
    const clips = Array.from({ length: 300 }, (_, seed) => noise(seed));
    expect(findDuplicates([...clips, dithered(noise(42), 1)])).toEqual([[42, 300]]);
  });

  it("finds nothing in no clips and one clip", () => {
    expect(findDuplicates([])).toEqual([]);
    expect(findDuplicates([noise(1)])).toEqual([]);
  });
});
