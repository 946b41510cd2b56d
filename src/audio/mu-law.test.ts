import { expect, test } from "vitest";
import { muLawInPlace } from "./mu-law.ts";

// 16-bit samples through G.711 mu-law and back, by lin2ulaw and ulaw2lin of Python's audioop.
const G711 = [
  [0, 0],
  [10, 8],
  [100, 104],
  [1000, 988],
  [5000, 5116],
  [20000, 19836],
  [32000, 32124],
  [-300, -308],
] as const;

test("the mu-law is that of G.711, but for its straight segments", () => {
  for (const [sample, expected] of G711) {
    const samples = Float32Array.of(sample / 32768);
    muLawInPlace(samples);
    expect(Math.abs(samples[0]! * 32768 - expected)).toBeLessThan(4 + 0.045 * Math.abs(expected));
  }
});

test("the mu-law leaves at most 255 values, and clips beyond full scale", () => {
  const samples = Float32Array.from({ length: 30_000 }, (_, i) => i / 10_000 - 1.5);
  muLawInPlace(samples);
  expect(new Set(samples).size).toBeLessThanOrEqual(255);
  expect(Math.max(...samples)).toBe(1);
  expect(Math.min(...samples)).toBe(-1);
});
