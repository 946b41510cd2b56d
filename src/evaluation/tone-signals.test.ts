import { describe, expect, it } from "vitest";
import { TONE_NAMES, toneSignal } from "./tone-signals.ts";

function powerAt(samples: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  samples.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * hz * n) / 8000);
    im += value * Math.sin((2 * Math.PI * hz * n) / 8000);
  });
  return (re * re + im * im) / samples.length ** 2;
}

describe("toneSignal", () => {
  it("sounds at its frequencies, and rests when it should", () => {
    const busy = toneSignal("busy", 2);
    const [on, off] = [busy.subarray(0, 4000), busy.subarray(4000, 8000)];
    expect(powerAt(on, 480)).toBeGreaterThan(100 * powerAt(on, 550));
    expect(powerAt(on, 620)).toBeGreaterThan(100 * powerAt(on, 550));
    expect(off.every((value) => value === 0)).toBe(true);
  });

  it("goes on for as long as it is asked for, within full scale", () => {
    for (const name of TONE_NAMES) {
      const samples = toneSignal(name, 10);
      expect(samples).toHaveLength(80_000);
      expect(samples.every((value) => Math.abs(value) <= 0.23)).toBe(true);
      expect(
        samples.some((value) => value !== 0),
        name,
      ).toBe(true);
    }
  });

  it("shifts between the two frequencies of V.21 with each bit", () => {
    // The six ones of a flag last 160 samples, from the 27th on; the two zeros around its end 53.
    const flags = toneSignal("fax, V.21 flags", 1);
    const [ones, zeros] = [flags.subarray(27, 187), flags.subarray(187, 240)];
    expect(powerAt(ones, 1650)).toBeGreaterThan(20 * powerAt(ones, 1850));
    expect(powerAt(zeros, 1850)).toBeGreaterThan(20 * powerAt(zeros, 1650));
  });

  it("presses all sixteen keys, one after another", () => {
    const keys = toneSignal("DTMF", 4);
    const fifth = keys.subarray(4 * 1600, 4 * 1600 + 800);
    expect(powerAt(fifth, 770)).toBeGreaterThan(100 * powerAt(fifth, 697));
    expect(powerAt(fifth, 1209)).toBeGreaterThan(100 * powerAt(fifth, 1336));
  });
});
