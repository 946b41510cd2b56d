import { describe, expect, test } from "vitest";
import { activePower, energyOf, meanPower, peakOf } from "./level.ts";

describe("activePower", () => {
  test("is the mean square of a steady sound", () => {
    expect(activePower(new Float32Array(1000).fill(0.5))).toBeCloseTo(0.25, 9);
  });

  test("is the same with silence or a whisper around the word", () => {
    const padded = new Float32Array(4096).fill(0.001);
    padded.fill(0.5, 1024, 2048);
    expect(activePower(padded)).toBeCloseTo(0.25, 6);
  });

  test("counts what is less than 25 dB below the loudest", () => {
    const samples = new Float32Array(256).fill(1, 0, 128).fill(0.1, 128);
    expect(activePower(samples)).toBeCloseTo((1 + 0.01) / 2, 6);
  });

  test("is 0 for silence and for no samples", () => {
    expect(activePower(new Float32Array(300))).toBe(0);
    expect(activePower(new Float32Array(0))).toBe(0);
  });

  test("takes one sample", () => {
    expect(activePower(Float32Array.of(-2))).toBe(4);
  });

  test("takes frames of 16 ms whatever the rate", () => {
    const samples = new Float32Array(16000).fill(0.5, 0, 256);
    expect(activePower(samples, { sampleRate: 16000 })).toBeCloseTo(0.25, 9);
    expect(activePower(samples.fill(0.5, 256, 300), { sampleRate: 16000 })).toBeLessThan(0.2);
  });
});

test("energy, mean power and peak are of all samples, and 0 of none", () => {
  const samples = Float32Array.of(1, -3, 0, 2);
  expect([energyOf, meanPower, peakOf].map((measure) => measure(samples))).toEqual([14, 3.5, 3]);
  expect([energyOf, meanPower, peakOf].map((measure) => measure(new Float32Array(0)))).toEqual([0, 0, 0]);
});
