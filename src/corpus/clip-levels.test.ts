import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { measureClipLevels } from "./clip-levels.ts";

const sampleRate = 8000;

function sine(length: number, amplitude: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * 500 * i) / sampleRate));
}

describe("measureClipLevels", () => {
  it("gives the level of the loudest 0.3 s, and how far the rest is below it", () => {
    const samples = sine(8000, 0.002);
    samples.set(sine(2400, 0.2), 3000);
    const { loudestDb, contrastDb } = measureClipLevels(samples, { sampleRate });
    // A sine of amplitude a has the power a^2 / 2.
    expect(loudestDb).toBeCloseTo(20 * Math.log10(0.2) - 3.01, 1);
    expect(contrastDb).toBeCloseTo(40, 1);
  });

  it("knows no contrast where less than 0.3 s is left", () => {
    expect(measureClipLevels(sine(4799, 0.1), { sampleRate }).contrastDb).toBeUndefined();
    expect(measureClipLevels(sine(4800, 0.1), { sampleRate }).contrastDb).toBeCloseTo(0, 3);
  });

  it("takes all of a clip shorter than 0.3 s", () => {
    expect(measureClipLevels(sine(800, 1), { sampleRate }).loudestDb).toBeCloseTo(-3.01, 1);
  });

  it("finds the level of white noise steady and that of a word not", () => {
    const random = createRandom(1);
    const noise = Float32Array.from({ length: 8000 }, () => 0.1 * random.normal());
    expect(measureClipLevels(noise, { sampleRate }).spreadDb).toBeLessThan(2);
    const word = noise.map((value, i) => (i > 3000 && i < 5000 ? value : value / 10));
    expect(measureClipLevels(word, { sampleRate }).spreadDb).toBeGreaterThan(18);
  });

  it("measures in seconds, whatever the rate", () => {
    const samples = sine(16000, 0.001);
    samples.set(sine(4800, 0.1), 0);
    expect(measureClipLevels(samples, { sampleRate: 16000 }).contrastDb).toBeCloseTo(40, 1);
  });

  it("gives finite levels for silence, one sample and none", () => {
    for (const length of [0, 1, 8000]) {
      const { loudestDb, spreadDb } = measureClipLevels(new Float32Array(length), { sampleRate });
      expect(loudestDb).toBeCloseTo(-200);
      expect(spreadDb).toBe(0);
    }
  });
});
