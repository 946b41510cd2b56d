// Reverberation as exponentially decaying noise (Polack's model; see J.-M. Jot, L. Cerveau and O. Warusfel, "Analysis and
// Synthesis of Room Reverberation Based on a Statistical Time-Frequency Model", AES Convention 103, 1997).

import FFT from "fft.js";
import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";

// Nothing comes back from the walls of a small room before this.
const FIRST_REFLECTION_SECONDS = 0.002;

/**
 * Puts a clip into a room.
 *
 * @param samples Mono, finite.
 * @param options.reverbTimeMs Time in which the sound falls by 60 dB, > 0, at most 5000.
 * @param options.directToReverbDb Energy of the direct sound over that of the reverberation. Default: 0, a speaker some way
 *   off.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns As many samples, the direct sound unchanged in place; what rings on after the end is cut off.
 * @throws {InvalidArgumentError} `reverbTimeMs` is out of range.
 */
export function addReverb(
  samples: Float32Array,
  options: { reverbTimeMs: number; random: Random; directToReverbDb?: number; sampleRate?: number },
): Float32Array {
  const { reverbTimeMs, random, directToReverbDb = 0, sampleRate = 8000 } = options;
  if (!(reverbTimeMs > 0 && reverbTimeMs <= 5000)) {
    throw new InvalidArgumentError(`addReverb: reverbTimeMs must be in (0, 5000], got ${reverbTimeMs}`);
  }
  if (samples.length === 0) return samples.slice();
  const decay = (reverbTimeMs / 1000) * sampleRate;
  const first = Math.round(FIRST_REFLECTION_SECONDS * sampleRate);
  const response = drawResponse({ decay, first, random });
  const scale = 10 ** (-directToReverbDb / 20);
  const reverb = convolve(samples, response);
  return samples.map((value, i) => value + scale * reverb[i]!);
}

/** Of energy 1. */
function drawResponse(options: { decay: number; first: number; random: Random }): Float32Array {
  const { decay, first, random } = options;
  const response = new Float32Array(Math.ceil(decay) + first + 1);
  for (let n = first; n < response.length; n++) response[n] = random.normal() * 10 ** ((-3 * n) / decay);
  const scale = 1 / Math.sqrt(response.reduce((sum, value) => sum + value * value, 0));
  return response.map((value) => value * scale);
}

/** The first samples of the convolution, as many as there are of `samples`. */
function convolve(samples: Float32Array, response: Float32Array): Float32Array {
  const size = Math.max(4, 2 ** Math.ceil(Math.log2(samples.length + response.length)));
  const fft = new FFT(size);
  const [a, b] = [samples, response].map((signal) => {
    const spectrum = fft.createComplexArray();
    fft.realTransform(spectrum, [...signal, ...new Array<number>(size - signal.length).fill(0)]);
    fft.completeSpectrum(spectrum);
    return spectrum;
  });
  const product = fft.createComplexArray();
  for (let k = 0; k < 2 * size; k += 2) {
    product[k] = a![k]! * b![k]! - a![k + 1]! * b![k + 1]!;
    product[k + 1] = a![k]! * b![k + 1]! + a![k + 1]! * b![k]!;
  }
  const sum = fft.createComplexArray();
  fft.inverseTransform(sum, product);
  return samples.map((_, i) => sum[2 * i]!);
}
