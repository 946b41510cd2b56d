import { describe, expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { loudestWindow, loudestWindowStart } from "./loudest-window.ts";

describe("loudestWindow", () => {
  test("holds a burst that fits it", () => {
    const samples = new Float32Array(20_000);
    samples.fill(0.5, 9000, 12_000);
    const window = loudestWindow(samples, { length: 8192 });
    expect(window).toHaveLength(8192);
    expect(window.reduce((sum, value) => sum + value, 0)).toBe(1500);
  });

  test("is the best of all windows on blocks of 128 samples, the first of equals", () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed);
      const samples = Float32Array.from({ length: random.integer(300, 3000) }, () => random.integer(0, 3));
      const length = 128 * random.integer(1, 6);
      const at = (start: number) => padEnd(samples.subarray(start, start + length), length);
      const energy = (start: number) => at(start).reduce((sum, value) => sum + value ** 2, 0);
      const nStarts = Math.max(1, Math.ceil(samples.length / 128) - length / 128 + 1);
      const starts = Array.from({ length: nStarts }, (_, i) => i * 128);
      const best = starts.find((start) => energy(start) === Math.max(...starts.map(energy)))!;
      const window = loudestWindow(samples, { length });
      expect(padEnd(window, length)).toEqual(at(best));
      expect(loudestWindowStart(samples, { length })).toBe(best);
    }
  });

  function padEnd(samples: Float32Array, length: number): Float32Array {
    const padded = new Float32Array(length);
    padded.set(samples);
    return padded;
  }

  test("of silence is the first", () => {
    expect(loudestWindow(new Float32Array(1000), { length: 256 }).byteOffset).toBe(0);
  });

  test.each([0, 1, 255, 256])(
    "returns a clip of %i samples, no longer than the window, as it is",
    (length) => {
      const samples = new Float32Array(length).fill(1);
      expect(loudestWindow(samples, { length: 256 })).toBe(samples);
    },
  );

  test("fills the last block up with zeros", () => {
    const samples = new Float32Array(300);
    samples.fill(1, 256);
    const window = loudestWindow(samples, { length: 256 });
    expect(window).toHaveLength(256);
    expect([...window.subarray(128, 172)]).toEqual(new Array(44).fill(1));
    expect([...window.subarray(172)]).toEqual(new Array(84).fill(0));
  });
});
