import { describe, expect, it } from "vitest";
import { changeTempo } from "./change-tempo.ts";

const sine = (length: number, hz: number, sampleRate = 8000) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / sampleRate));

/** Frequency by counting rises through zero. */
function frequencyOf(samples: Float32Array, sampleRate = 8000): number {
  let rises = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) rises++;
  return (rises * sampleRate) / samples.length;
}

describe("changeTempo", () => {
  it.each([0.5, 0.8, 0.9, 1.1, 1.25, 2])(
    "at %d changes the length and keeps the pitch and the level",
    (rate) => {
      const changed = changeTempo(sine(8000, 300), { rate });
      expect(changed).toHaveLength(Math.ceil(8000 / rate));
      expect(Math.abs(frequencyOf(changed) - 300)).toBeLessThan(8);
      const middle = changed.subarray(1000, changed.length - 1000);
      const rms = Math.sqrt(middle.reduce((sum, x) => sum + x * x, 0) / middle.length);
      expect(Math.abs(rms - 0.3536)).toBeLessThan(0.02);
    },
  );

  it("moves a sound to its place in time", () => {
    const samples = new Float32Array(8000);
    samples.set(sine(400, 500), 4000);
    for (const rate of [0.8, 1.25]) {
      const changed = changeTempo(samples, { rate });
      let [weighted, energy] = [0, 0];
      for (const [i, x] of changed.entries()) {
        weighted += i * x * x;
        energy += x * x;
      }
      expect(Math.abs(weighted / energy - 4200 / rate)).toBeLessThan(160);
    }
  });

  it("works in seconds, whatever the rate of the samples", () => {
    const changed = changeTempo(sine(16000, 300, 16000), { rate: 0.8, sampleRate: 16000 });
    expect(Math.abs(frequencyOf(changed, 16000) - 300)).toBeLessThan(8);
  });

  it.each([0.7, 1.5])("at %d keeps the pitch when it searches less and more coarsely", (rate) => {
    const changed = changeTempo(sine(8000, 300), { rate, searchMs: 6, searchStep: 2 });
    expect(changed).toHaveLength(Math.ceil(8000 / rate));
    expect(Math.abs(frequencyOf(changed) - 300)).toBeLessThan(8);
  });

  it("gives a copy at a rate of 1", () => {
    const samples = sine(100, 300);
    expect(changeTempo(samples, { rate: 1 })).toEqual(samples);
    expect(changeTempo(samples, { rate: 1 })).not.toBe(samples);
  });

  it("stands nothing, one sample and silence", () => {
    expect(changeTempo(new Float32Array(0), { rate: 0.8 })).toHaveLength(0);
    expect(changeTempo(new Float32Array(1), { rate: 0.8 })).toHaveLength(2);
    expect(changeTempo(new Float32Array(4000), { rate: 1.25 })).toEqual(new Float32Array(3200));
  });
});
