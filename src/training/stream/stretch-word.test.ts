import { describe, expect, it } from "vitest";
import { stretchWord } from "./stretch-word.ts";

const tone = (hz: number, length: number) =>
  Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * hz * n) / 8000));

/** Power at a frequency. */
function powerAt(samples: Float32Array, hz: number): number {
  let [real, imaginary] = [0, 0];
  samples.forEach((value, n) => {
    real += value * Math.cos((2 * Math.PI * hz * n) / 8000);
    imaginary += value * Math.sin((2 * Math.PI * hz * n) / 8000);
  });
  return (real ** 2 + imaginary ** 2) / samples.length ** 2;
}

describe("stretchWord", () => {
  it.each([0.7, 0.9, 1.3, 1.7])("changes the length by a rate of %f and keeps the pitch", (rate) => {
    const stretched = stretchWord(tone(220, 4000), rate);
    expect(stretched).toHaveLength(Math.ceil(4000 / rate));
    const kept = powerAt(stretched, 220);
    expect(kept).toBeGreaterThan(0.15);
    expect(powerAt(stretched, 220 * rate)).toBeLessThan(kept / 4);
  });

  it("keeps silence silent, and takes clips of a few samples", () => {
    expect(stretchWord(new Float32Array(900), 1.2).every((value) => value === 0)).toBe(true);
    expect(stretchWord(Float32Array.of(0.5), 1.5)).toHaveLength(1);
    expect(stretchWord(new Float32Array(0), 1.5)).toHaveLength(0);
  });
});
