import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { colouredNoise } from "./coloured-noise.ts";
import { createRealFft } from "./fft.ts";

const LENGTH = 16384;

/** Mean power per bin between two frequencies, in dB. */
function bandDb(noise: Float32Array, [low, high]: [number, number]): number {
  const spectrum = new Float32Array(LENGTH + 2);
  createRealFft(LENGTH).forwardInto(noise, spectrum);
  let sum = 0;
  const bin = (hz: number) => Math.round((hz * LENGTH) / 8000);
  for (let k = bin(low); k < bin(high); k++) sum += spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2;
  return 10 * Math.log10(sum / (bin(high) - bin(low)));
}

test.each([-0.5, 0, 1, 2])("tilt %f falls by 3 dB an octave for each unit", (tilt) => {
  const noise = colouredNoise(LENGTH, { tilt, random: createRandom(7) });
  const threeOctaves = bandDb(noise, [250, 350]) - bandDb(noise, [2000, 2800]);
  expect(Math.abs(threeOctaves - 3 * 3.01 * tilt)).toBeLessThan(1);
});

test("mean power is 1, mean is 0", () => {
  const noise = colouredNoise(LENGTH, { tilt: 1.5, random: createRandom(8) });
  expect(noise.reduce((sum, x) => sum + x * x, 0) / LENGTH).toBeCloseTo(1, 4);
  expect(noise.reduce((sum, x) => sum + x, 0) / LENGTH).toBeCloseTo(0, 4);
});

test("its end goes on with its beginning", () => {
  const noise = colouredNoise(LENGTH, { tilt: 2, random: createRandom(9) });
  const steps = noise.map((x, i) => Math.abs(x - noise[(i + 1) % LENGTH]!));
  expect(steps[LENGTH - 1]).toBeLessThan(Math.max(...steps.subarray(0, LENGTH - 1)));
});

test("it is shaped by hertz: at another rate the flat part ends elsewhere", () => {
  const make = (sampleRate: number) => colouredNoise(64, { tilt: 2, random: createRandom(1), sampleRate });
  expect(make(8000)).not.toEqual(make(2000));
});

test.each([0, 4, 1000, Number.NaN])("rejects a length of %d", (length) => {
  expect(() => colouredNoise(length, { tilt: 0, random: createRandom(1) })).toThrow(/power of two/);
});
