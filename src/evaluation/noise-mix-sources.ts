// Noise made for tests: by its colour, or out of voices.

import FFT from "fft.js";
import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";
import { speechPower } from "./noise-mix.ts";

// Below this frequency the spectrum is flat, or brown noise would be all rumble.
const FLAT_BELOW_HZ = 40;
const LONGEST_PAUSE_SECONDS = 0.25;

/**
 * Gaussian noise whose power falls with the frequency: random Fourier coefficients, shaped (J. Timmer and M. König, "On
 * generating power law noise", Astronomy and Astrophysics 300, 1995).
 *
 * @param length Samples, a power of two, >= 4.
 * @param options.tilt Power of 1 / f^tilt above 40 Hz: 0 white, 1 pink, 2 brown.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns [length] samples with a mean of 0 and a mean power of 1. They may be repeated without a seam.
 * @throws {InvalidArgumentError} `length` is not a power of two.
 */
export function makeColouredNoise(
  length: number,
  options: { tilt: number; random: Random; sampleRate?: number },
): Float32Array {
  const { tilt, random, sampleRate = 8000 } = options;
  if (!(length >= 4 && Number.isInteger(Math.log2(length)))) {
    throw new InvalidArgumentError(`makeColouredNoise: length must be a power of two >= 4, got ${length}`);
  }
  const fft = new FFT(length);
  const spectrum = fft.createComplexArray().fill(0);
  for (let k = 1; k < length / 2; k++) {
    const amplitude = Math.max(FLAT_BELOW_HZ, (k * sampleRate) / length) ** (-tilt / 2);
    spectrum[2 * k] = amplitude * random.normal();
    spectrum[2 * k + 1] = amplitude * random.normal();
  }
  fft.completeSpectrum(spectrum);
  const noise = fft.createComplexArray();
  fft.inverseTransform(noise, spectrum);
  return scaleToUnitPower(Float32Array.from({ length }, (_, i) => noise[2 * i]!));
}

/**
 * Babble: several talkers at the same level, each saying a clip again and again with pauses of up to a quarter of a second.
 *
 * @param clips Speech, mono, one rate, at least one; empty and silent ones are passed over.
 * @param options.length Samples wanted, >= 0.
 * @param options.nTalkers How many speak at once, >= 1. Default: 6.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns [length] samples.
 * @throws {InvalidArgumentError} No clip holds speech, or `nTalkers` is out of range.
 */
export function makeBabble(
  clips: readonly Float32Array[],
  options: { length: number; random: Random; nTalkers?: number; sampleRate?: number },
): Float32Array {
  const { length, random, nTalkers = 6, sampleRate = 8000 } = options;
  if (!(Number.isInteger(nTalkers) && nTalkers >= 1)) {
    throw new InvalidArgumentError(`makeBabble: nTalkers must be a whole number >= 1, got ${nTalkers}`);
  }
  const voices = clips.filter((clip) => speechPower(clip, { sampleRate }) > 0);
  if (voices.length === 0) throw new InvalidArgumentError("makeBabble: expected clips of speech, got none");
  const babble = new Float32Array(length);
  for (let talker = 0; talker < nTalkers; talker++) {
    const clip = voices[random.integer(0, voices.length)]!;
    const gain = 1 / Math.sqrt(speechPower(clip, { sampleRate }));
    const period = clip.length + random.integer(0, Math.round(LONGEST_PAUSE_SECONDS * sampleRate) + 1);
    for (let start = -random.integer(0, period); start < length; start += period) {
      addInPlace(babble, clip, { start, gain });
    }
  }
  return babble;
}

function addInPlace(
  sum: Float32Array,
  clip: Float32Array,
  { start, gain }: { start: number; gain: number },
): void {
  const end = Math.min(clip.length, sum.length - start);
  for (let i = Math.max(0, -start); i < end; i++) sum[start + i]! += gain * clip[i]!;
}

function scaleToUnitPower(samples: Float32Array): Float32Array {
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  const scale = Math.sqrt(samples.length / energy);
  return samples.map((value) => value * scale);
}
