import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { decodeAudio } from "./decode-audio.ts";
import { trimSilence } from "./prepare-recording.ts";

// Computed with NumPy 2.4 by the steps of librosa.effects.trim (frames padded with zeros, root mean square,
// amplitude_to_db with amin 1e-5 relative to the largest), with frames of 744 samples every 186, and of 400 every 80.
describe("finds the same ends as librosa's steps do", () => {
  test.each([
    [0, 20, 558, 5580],
    [3, 20, 1674, 5580],
    [3, 40, 1116, 6324],
    [3, 60, 930, 6510],
    [7, 60, 372, 6561],
    [8, 40, 744, 5022],
    [9, 40, 186, 6138],
  ])("sample %i, %i dB", async (digit, topDb, startSample, endSample) => {
    const samples = await sample(digit);
    const trimmed = trimSilence(samples, { sampleRate: 8000, topDb });
    expect(trimmed).toEqual({ samples: samples.subarray(startSample, endSample), startSample, endSample });
  });

  test.each([
    [2, 640, 4800],
    [6, 2400, 5120],
  ])("sample %i, 30 dB, frames of 50 ms every 10 ms", async (digit, startSample, endSample) => {
    const options = { sampleRate: 8000, topDb: 30, frameMs: 50, hopMs: 10 };
    expect(trimSilence(await sample(digit), options)).toMatchObject({ startSample, endSample });
  });
});

async function sample(digit: number): Promise<Float32Array> {
  const bytes = readFileSync(new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url));
  return (await decodeAudio(bytes)).samples;
}

test("cuts no sound: a burst between stretches of silence stays whole, at any rate", () => {
  for (const sampleRate of [8000, 44_100]) {
    for (const at of [0, 0.3, 0.71]) {
      const samples = new Float32Array(sampleRate);
      const start = Math.floor(at * sampleRate);
      const end = start + sampleRate / 5;
      samples.fill(0.5, start, end);
      const { startSample, endSample } = trimSilence(samples, { sampleRate });
      expect(startSample).toBeLessThanOrEqual(start);
      expect(endSample).toBeGreaterThanOrEqual(end);
      expect(endSample - startSample).toBeLessThan(sampleRate / 5 + 0.12 * sampleRate);
    }
  }
});

test("does not depend on the level", () => {
  const samples = Float32Array.from({ length: 8000 }, (_, i) => (i > 3000 && i < 5000 ? Math.sin(i) : 1e-4));
  const ends = (gain: number) => {
    const { startSample, endSample } = trimSilence(
      samples.map((value) => value * gain),
      { sampleRate: 8000 },
    );
    return [startSample, endSample];
  };
  expect(ends(1e-6)).toEqual(ends(1));
  expect(ends(1e6)).toEqual(ends(1));
});

describe("edges", () => {
  test("silence and an empty clip come back empty", () => {
    for (const length of [0, 1, 8000]) {
      const trimmed = trimSilence(new Float32Array(length), { sampleRate: 8000 });
      expect(trimmed).toEqual({ samples: new Float32Array(0), startSample: 0, endSample: 0 });
    }
  });

  test("one sample, and sound from end to end, come back whole", () => {
    for (const length of [1, 100, 8000]) {
      const samples = Float32Array.from({ length }, (_, i) => (i % 2 === 0 ? 1 : -1));
      expect(trimSilence(samples, { sampleRate: 8000 }).samples).toEqual(samples);
    }
  });

  test("a constant offset does not count: it is no sound alone, and hides no silence", () => {
    expect(trimSilence(new Float32Array(8000).fill(0.5), { sampleRate: 8000 }).samples).toHaveLength(0);
    const burst = new Float32Array(16_000);
    for (let i = 8000; i < 10_000; i++) burst[i] = 0.1 * Math.sin(i);
    const { startSample, endSample } = trimSilence(burst, { sampleRate: 8000 });
    const shifted = trimSilence(
      burst.map((value) => value + 0.3),
      { sampleRate: 8000 },
    );
    expect(shifted).toMatchObject({ startSample, endSample });
  });

  test.each([{ sampleRate: 0 }, { topDb: 0 }, { topDb: NaN }, { frameMs: -1 }, { hopMs: Infinity }])(
    "rejects %o",
    (bad) => {
      expect(() => trimSilence(new Float32Array(9), { sampleRate: 8000, ...bad })).toThrow(
        InvalidArgumentError,
      );
    },
  );
});
