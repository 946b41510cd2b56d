import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { createRealFft } from "./fft.ts";

// numpy.fft.rfft of sin(0.37 i^2), i = 0..15.
const NUMPY_SPECTRUM = [
  -0.336874, 0.0, 3.744661, -0.835896, -1.25079, 0.302628, 2.91786, -2.189779, -1.997857, 1.616386, -1.914369,
  2.428584, -0.278248, 0.159403, -0.775995, 1.85452, -0.55365, 0.0,
];

function naiveSpectrum(samples: Float32Array): number[] {
  const n = samples.length;
  return Array.from({ length: n / 2 + 1 }, (_, k) => {
    const angles = Array.from(samples, (_, i) => (-2 * Math.PI * ((i * k) % n)) / n);
    const sum = (part: (x: number) => number) =>
      samples.reduce((total, value, i) => total + value * part(angles[i]!), 0);
    return [sum(Math.cos), sum(Math.sin)];
  }).flat();
}

function noise(length: number): Float32Array {
  const random = createRandom(length);
  return Float32Array.from({ length }, () => random.normal());
}

test("gives numpy's spectrum", () => {
  const spectrum = new Float32Array(18);
  createRealFft(16).forwardInto(
    Float32Array.from({ length: 16 }, (_, i) => Math.sin(i * i * 0.37)),
    spectrum,
  );
  NUMPY_SPECTRUM.forEach((expected, i) => {
    expect(spectrum[i]).toBeCloseTo(expected, 5);
  });
});

test.each([8, 16, 32, 256, 512])("size %i equals the sum it stands for", (size) => {
  const samples = noise(size);
  const spectrum = new Float32Array(size + 2);
  createRealFft(size).forwardInto(samples, spectrum);
  naiveSpectrum(samples).forEach((expected, i) => {
    expect(spectrum[i]).toBeCloseTo(expected, 4);
  });
});

test.each([8, 2048, 4096, 16384])("size %i there and back is where it began", (size) => {
  const fft = createRealFft(size);
  const samples = noise(size);
  const spectrum = new Float32Array(size + 2);
  const back = new Float32Array(size);
  fft.forwardInto(samples, spectrum);
  fft.inverseInto(spectrum, back);
  const worst = back.reduce((most, value, i) => Math.max(most, Math.abs(value - samples[i]!)), 0);
  expect(worst).toBeLessThan(1e-5);
});

test("takes missing samples for zeros, whatever it transformed before", () => {
  const fft = createRealFft(8);
  const [first, second] = [new Float32Array(10), new Float32Array(10)];
  fft.forwardInto(noise(8), first);
  fft.forwardInto(Float32Array.of(1), second);
  expect([...second]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0].map((x) => expect.closeTo(x, 6)));
});
