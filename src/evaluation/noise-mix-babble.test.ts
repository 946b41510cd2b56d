import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { makeBabble } from "./noise-mix.ts";

const powerOf = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

/** Power between two frequencies, by the discrete Fourier transform over some bins. */
function bandPower(samples: Float32Array, { low, high }: { low: number; high: number }): number {
  let power = 0;
  for (let hz = low; hz < high; hz += (high - low) / 40) {
    let [re, im] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const angle = (2 * Math.PI * Math.round((hz * samples.length) / 8000) * i) / samples.length;
      re += samples[i]! * Math.cos(angle);
      im += samples[i]! * Math.sin(angle);
    }
    power += re * re + im * im;
  }
  return power;
}

describe("makeBabble", () => {
  const tone = (hz: number, amplitude: number) =>
    Float32Array.from({ length: 3000 }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / 8000));

  it("lets all talkers be heard at the same level, however loud their clips are", () => {
    const babble = makeBabble([tone(500, 0.9), tone(1500, 0.001)], {
      length: 40000,
      random: createRandom(2),
      nTalkers: 40,
    });
    const ratio = bandPower(babble, { low: 480, high: 520 }) / bandPower(babble, { low: 1480, high: 1520 });
    expect(Math.abs(10 * Math.log10(ratio))).toBeLessThan(6);
  });

  it("never falls silent for longer than the pauses when enough talk", () => {
    const babble = makeBabble([tone(500, 0.5)], { length: 16000, random: createRandom(1) });
    for (let start = 0; start + 2000 <= babble.length; start += 2000)
      expect(powerOf(babble.subarray(start, start + 2000))).toBeGreaterThan(0);
  });

  it("passes over empty and silent clips", () => {
    const clips = [new Float32Array(0), new Float32Array(100), tone(500, 0.5)];
    const babble = makeBabble(clips, { length: 8000, random: createRandom(1) });
    expect(babble.every(Number.isFinite)).toBe(true);
    expect(powerOf(babble)).toBeGreaterThan(0);
  });

  it("rejects clips without speech", () => {
    const random = createRandom(1);
    expect(() => makeBabble([new Float32Array(9)], { length: 9, random })).toThrow(/got none/);
  });
});
