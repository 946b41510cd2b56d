import { describe, expect, it } from "vitest";
import { madeUpMusic } from "./made-up-music.ts";

const PIECES = Array.from({ length: 12 }, (_, index) => madeUpMusic({ seed: 1, index }));

describe("madeUpMusic", () => {
  it("gives the same piece for the same seed and index, and others for others", () => {
    expect(madeUpMusic({ seed: 1, index: 3 })).toEqual(PIECES[3]);
    expect(madeUpMusic({ seed: 2, index: 3 })).not.toEqual(PIECES[3]);
    expect(PIECES[4]).not.toEqual(PIECES[3]);
  });

  it("always sounds, with half of full scale as its peak", () => {
    for (const piece of PIECES) {
      expect(piece).toHaveLength(32_000);
      const peak = piece.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(peak).toBeCloseTo(0.5, 5);
      for (let start = 0; start < 32_000; start += 16_000) {
        expect(piece.subarray(start, start + 16_000).some((value) => Math.abs(value) > 0.02)).toBe(true);
      }
    }
  });
});
