import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { createResampler, resample } from "./resample.ts";

function sine(frequency: number, options: { sampleRate: number; length: number }): Float32Array {
  const { sampleRate, length } = options;
  return Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / sampleRate));
}

// Level of the middle four fifths, in dB of a full-scale sine.
function levelDb(samples: Float32Array): number {
  const middle = samples.subarray(samples.length * 0.1, samples.length * 0.9);
  return 10 * Math.log10((2 * middle.reduce((sum, sample) => sum + sample ** 2, 0)) / middle.length);
}

const SOURCE_RATES = [11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 44_101, 48_000, 96_000];

describe.each(SOURCE_RATES)("%i Hz to 8000 Hz", (sourceRate) => {
  const convert = (frequency: number) =>
    resample(sine(frequency, { sampleRate: sourceRate, length: sourceRate }), {
      sourceRate,
      targetRate: 8000,
    });

  // The reference is the sine itself, sampled at the new rate: that is what band-limited conversion gives.
  test.each([50, 440, 1000, 3000, 3400])("a tone of %i Hz keeps its level and its place", (frequency) => {
    const output = convert(frequency);
    expect(output).toHaveLength(8000);
    expect(Math.abs(levelDb(output))).toBeLessThan(0.01);
    const exact = sine(frequency, { sampleRate: 8000, length: 8000 });
    expect(levelDb(output.map((sample, i) => sample - exact[i]!))).toBeLessThan(-80);
  });

  test("a tone above the new Nyquist frequency is gone", () => {
    for (const frequency of [4000, 4100, 4500, 5000, 5500].filter((hertz) => hertz < sourceRate / 2)) {
      expect(levelDb(convert(frequency))).toBeLessThan(-80);
    }
  });
});

test.each([16_000, 44_100, 48_000])("8000 Hz to %i Hz makes no images of a tone", (targetRate) => {
  const output = resample(sine(3000, { sampleRate: 8000, length: 8000 }), { sourceRate: 8000, targetRate });
  const exact = sine(3000, { sampleRate: targetRate, length: targetRate });
  expect(output).toHaveLength(targetRate);
  expect(levelDb(output.map((sample, i) => sample - exact[i]!))).toBeLessThan(-80);
});

test("a constant stays the constant but for the ends", () => {
  const output = resample(new Float32Array(44_100).fill(0.5), { sourceRate: 44_100, targetRate: 8000 });
  for (const sample of output.subarray(100, 7900)) expect(sample).toBeCloseTo(0.5, 6);
});

test("an impulse stays where it was", () => {
  const input = new Float32Array(4410);
  input[2205] = 1;
  const output = resample(input, { sourceRate: 44_100, targetRate: 8000 });
  expect(output.indexOf(Math.max(...output))).toBe(400);
  for (let i = 1; i < 50; i++) expect(output[400 + i]).toBeCloseTo(output[400 - i]!, 7);
});

describe("a stream", () => {
  test.each([
    [44_100, 8000],
    [48_000, 8000],
    [16_000, 8000],
    [44_101, 8000],
    [8000, 44_100],
    [8000, 8000],
  ])("%i Hz to %i Hz gives the samples of the whole clip, however it is cut", (sourceRate, targetRate) => {
    const random = createRandom(11, sourceRate);
    const input = Float32Array.from({ length: 9000 }, () => random.uniform(-1, 1));
    const whole = resample(input, { sourceRate, targetRate });
    for (const longest of [1, 30, 2000]) {
      const resampler = createResampler({ sourceRate, targetRate });
      const output: number[] = [];
      for (let start = 0, end = 0; start < input.length; start = end) {
        end = start + random.integer(0, longest + 1);
        output.push(...resampler.push(input.subarray(start, end)));
      }
      output.push(...resampler.flush());
      expect(Float32Array.from(output)).toEqual(whole);
    }
  });

  test("gives what is certain at once: half a filter behind, and no more", () => {
    const resampler = createResampler({ sourceRate: 48_000, targetRate: 8000 });
    expect(resampler.push(new Float32Array(48_000)).length).toBeGreaterThan(8000 - 60);
  });

  test("begins anew after a flush", () => {
    const resampler = createResampler({ sourceRate: 16_000, targetRate: 8000 });
    const input = sine(700, { sampleRate: 16_000, length: 1000 });
    const first = [...resampler.push(input), ...resampler.flush()];
    expect([...resampler.push(input), ...resampler.flush()]).toEqual(first);
  });
});

describe("edges", () => {
  test.each([
    [0, 44_100, 8000, 0],
    [1, 44_100, 8000, 1],
    [5, 44_100, 8000, 1],
    [6, 44_100, 8000, 2],
    [1, 8000, 48_000, 6],
    [3, 1, 8000, 24_000],
    [768_000, 768_000, 8000, 8000],
    [7679, 767_999, 8000, 80],
  ])("%i samples at %i Hz become, at %i Hz, %i", (length, sourceRate, targetRate, expected) => {
    const output = resample(new Float32Array(length).fill(1), { sourceRate, targetRate });
    expect(output).toHaveLength(expected);
    expect(output.every(Number.isFinite)).toBe(true);
  });

  test("the same rate gives a copy", () => {
    const input = Float32Array.of(1, -0.5);
    const output = resample(input, { sourceRate: 8000, targetRate: 8000 });
    expect(output).toEqual(input);
    expect(output).not.toBe(input);
  });

  test("silence stays silence, full scale stays finite", () => {
    const convert = (input: Float32Array) => resample(input, { sourceRate: 44_100, targetRate: 8000 });
    expect(convert(new Float32Array(1000)).every((sample) => sample === 0)).toBe(true);
    const square = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(convert(square).every(Number.isFinite)).toBe(true);
  });

  test.each([0, -8000, 0.5, 8000.5, NaN, Infinity, 768_001])("rejects a rate of %d Hz", (rate) => {
    const input = new Float32Array(10);
    expect(() => resample(input, { sourceRate: rate, targetRate: 8000 })).toThrow(InvalidArgumentError);
    expect(() => resample(input, { sourceRate: 8000, targetRate: rate })).toThrow(
      /resample: targetRate must be/,
    );
  });
});
