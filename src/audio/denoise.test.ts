import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { decodeAudio } from "./decode-audio.ts";
import { denoise } from "./denoise.ts";

const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample ** 2, 0);
const isAllFinite = (samples: Float32Array) => samples.every(Number.isFinite);

function whiteNoise(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

// A quarter of a second of a 440 Hz tone in the middle of linear congruential noise.
function toneInNoise(): Float32Array {
  let state = 1;
  return Float32Array.from({ length: 6000 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const tone = i >= 2000 && i < 4000 ? 0.1 * Math.sin((2 * Math.PI * 440 * i) / 8000) : 0;
    return (state / 2 ** 32 - 0.5) * 0.05 + tone;
  });
}

// Computed from the same equations with NumPy 2.4 (numpy.fft.rfft, float64).
test("gives the values of an implementation with NumPy", () => {
  const output = denoise(toneInNoise(), { sampleRate: 8000 });
  const expected: [number, number][] = [
    [0, -0.00077],
    [500, 0.000804],
    [1000, 0.000827],
    [2010, -0.023508],
    [2500, -0.002322],
    [3001, 0.030682],
    [3500, -0.000931],
    [3990, 0.018666],
    [5000, -0.000436],
    [5999, -0.000729],
  ];
  for (const [index, value] of expected) expect(output[index]).toBeCloseTo(value, 5);
});

describe("a spoken word in noise", () => {
  test.each([10, 5])("comes out with at least 4 dB less error at %i dB", async (snrDb) => {
    const bytes = readFileSync(new URL("../../fixtures/samples/3.wav", import.meta.url));
    const word = (await decodeAudio(bytes)).samples;
    const clean = new Float32Array(word.length + 8000);
    clean.set(word, 4000);
    const noise = whiteNoise(clean.length, 1);
    const gain = Math.sqrt(
      energy(word) / (energy(noise) * (word.length / clean.length)) / 10 ** (snrDb / 10),
    );
    const noisy = clean.map((sample, i) => sample + gain * noise[i]!);
    const error = (samples: Float32Array) => energy(samples.map((sample, i) => sample - clean[i]!));
    const improvementDb = 10 * Math.log10(error(noisy) / error(denoise(noisy, { sampleRate: 8000 })));
    expect(improvementDb).toBeGreaterThan(4);
  });

  test("loses less than 1 dB of its level where there is no noise", async () => {
    const bytes = readFileSync(new URL("../../fixtures/samples/3.wav", import.meta.url));
    const word = (await decodeAudio(bytes)).samples;
    const ratioDb = 10 * Math.log10(energy(denoise(word, { sampleRate: 8000 })) / energy(word));
    expect(Math.abs(ratioDb)).toBeLessThan(1);
  });
});

test("lowers noise alone by nearly maxReductionDb", () => {
  const noise = whiteNoise(16_000, 2);
  for (const maxReductionDb of [6, 12]) {
    const output = denoise(noise, { sampleRate: 8000, maxReductionDb });
    const reductionDb = 10 * Math.log10(energy(noise) / energy(output));
    expect(reductionDb).toBeGreaterThan(maxReductionDb - 1.5);
    expect(reductionDb).toBeLessThanOrEqual(maxReductionDb);
  }
});

test("with a reduction of 0 dB returns its input", () => {
  const input = whiteNoise(5001, 3);
  const output = denoise(input, { sampleRate: 8000, maxReductionDb: 0 });
  expect(Math.max(...output.map((sample, i) => Math.abs(sample - input[i]!)))).toBeLessThan(1e-5);
});

test.each([8000, 16_000, 44_100, 48_000])("works at %i Hz", (sampleRate) => {
  const noise = whiteNoise(sampleRate, 4);
  const output = denoise(noise, { sampleRate });
  expect(output).toHaveLength(noise.length);
  expect(10 * Math.log10(energy(noise) / energy(output))).toBeGreaterThan(12);
});

test("is deterministic and leaves its input alone", () => {
  const input = toneInNoise();
  const copy = input.slice();
  expect(denoise(input, { sampleRate: 8000 })).toEqual(denoise(input, { sampleRate: 8000 }));
  expect(input).toEqual(copy);
});

describe("edges", () => {
  test.each<[string, Float32Array]>([
    ["an empty clip", new Float32Array(0)],
    ["one sample", Float32Array.of(0.5)],
    ["2047 samples, too short to judge", whiteNoise(2047, 5)],
    ["silence", new Float32Array(9000)],
  ])("returns a copy of %s", (_, input) => {
    const output = denoise(input, { sampleRate: 8000 });
    expect(output).toEqual(input);
    expect(output).not.toBe(input);
  });

  test("stays finite for clipped, constant, huge and tiny input", () => {
    const square = Float32Array.from({ length: 9001 }, (_, i) => (i % 20 < 10 ? 1 : -1));
    for (const scale of [1, 1e9, 1e-30]) {
      const output = denoise(
        square.map((sample) => sample * scale),
        { sampleRate: 8000 },
      );
      expect(output).toHaveLength(9001);
      expect(isAllFinite(output)).toBe(true);
    }
    expect(isAllFinite(denoise(new Float32Array(9001).fill(1), { sampleRate: 8000 }))).toBe(true);
  });

  test("rejects options out of range and samples that are no numbers", () => {
    const input = new Float32Array(100);
    expect(() => denoise(input, { sampleRate: 0 })).toThrow(InvalidArgumentError);
    expect(() => denoise(input, { sampleRate: 8000, maxReductionDb: -1 })).toThrow(InvalidArgumentError);
    expect(() => denoise(Float32Array.of(0, NaN), { sampleRate: 8000 })).toThrow("denoise: sample 1 is NaN");
  });
});
