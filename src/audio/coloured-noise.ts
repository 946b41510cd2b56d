import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";
import { createRealFft } from "./fft.ts";

// Below this frequency the spectrum is flat, or brown noise would be all rumble.
const FLAT_BELOW_HZ = 40;

/**
 * Gaussian noise with a power spectrum of 1 / f^tilt: random Fourier coefficients, shaped (J. Timmer and M. König, "On
 * generating power law noise", Astronomy and Astrophysics 300, 1995). It has no seam: after its last sample it may go on
 * with its first.
 *
 * @param length Samples, a power of two, at least 8.
 * @param options.tilt 0 white, 1 pink, 2 brown; negative for noise that rises with the frequency.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns [length] samples of mean power 1 and mean 0.
 * @throws {InvalidArgumentError} `length` is not a power of two, or less than 8.
 */
export function colouredNoise(
  length: number,
  options: { tilt: number; random: Random; sampleRate?: number },
): Float32Array {
  const { tilt, random, sampleRate = 8000 } = options;
  if (!(length >= 8 && Number.isInteger(Math.log2(length)))) {
    throw new InvalidArgumentError(`colouredNoise: length must be a power of two, at least 8, got ${length}`);
  }
  const spectrum = new Float32Array(length + 2);
  let power = 0;
  for (let k = 1; k < length / 2; k++) {
    const amplitude = Math.max(FLAT_BELOW_HZ, (k * sampleRate) / length) ** (-tilt / 2);
    spectrum[2 * k] = amplitude * random.normal();
    spectrum[2 * k + 1] = amplitude * random.normal();
    power += 2 * (spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2);
  }
  const scale = length / Math.sqrt(power);
  const noise = new Float32Array(length);
  createRealFft(length).inverseInto(
    spectrum.map((value) => value * scale),
    noise,
  );
  return noise;
}
