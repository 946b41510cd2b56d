import { describe, expect, it } from "vitest";
import { madeUpTones } from "./made-up-tones.ts";

const TONES = madeUpTones({ seed: 1, count: 40 });

describe("madeUpTones", () => {
  it("gives the same tones for the same seed, and others for another", () => {
    expect(madeUpTones({ seed: 1, count: 2 })).toEqual(TONES.slice(0, 2));
    expect(madeUpTones({ seed: 2, count: 1 })[0]).not.toEqual(TONES[0]);
  });

  it("stays within full scale, and always sounds", () => {
    for (const tone of TONES) {
      expect(tone).toHaveLength(32_000);
      expect(tone.every((value) => Math.abs(value) <= 1)).toBe(true);
      expect(tone.some((value) => Math.abs(value) > 0.3)).toBe(true);
    }
  });

  it("has tones that rest and tones that never do", () => {
    const quietest = TONES.map((tone) => {
      const powers = Array.from({ length: 100 }, (_, i) =>
        tone.subarray(320 * i, 320 * (i + 1)).reduce((sum, value) => sum + value * value, 0),
      );
      return Math.min(...powers);
    });
    expect(quietest.some((power) => power === 0)).toBe(true);
    expect(quietest.some((power) => power > 10)).toBe(true);
  });
});
