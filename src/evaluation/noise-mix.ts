// Noise added to recordings for tests: never used in training, which has its own.

import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";

const FRAME_SECONDS = 0.016;
// Frames weaker than the loudest by more than 25 dB are pauses.
const ACTIVE_SHARE = 10 ** -2.5;
// A recording of a dog is mostly silence between barks; a stretch of nothing is no noise.
const LEAST_SEGMENT_SHARE = 0.1;
const SEGMENT_TRIES = 12;

/**
 * Mean power of the active part of a recording, so that silence around a word does not count: in the manner of ITU-T P.56,
 * over the frames of 16 ms that are no more than 25 dB below the loudest.
 *
 * @param samples Mono, finite.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns Mean square, 0 for silence and for no samples.
 */
export function speechPower(samples: Float32Array, options: { sampleRate?: number } = {}): number {
  const frameLength = Math.max(1, Math.round(FRAME_SECONDS * (options.sampleRate ?? 8000)));
  const frames = Array.from({ length: Math.ceil(samples.length / frameLength) }, (_, index) => {
    const frame = samples.subarray(index * frameLength, (index + 1) * frameLength);
    return { energy: meanPower(frame) * frame.length, length: frame.length };
  });
  const loudest = frames.reduce((most, { energy }) => Math.max(most, energy), 0);
  if (loudest === 0) return 0;
  const active = frames.filter(({ energy }) => energy >= ACTIVE_SHARE * loudest);
  const total = active.reduce((sum, { energy }) => sum + energy, 0);
  return total / active.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Adds noise all over a clip, at a ratio of the power of the clip's active part ({@link speechPower}) to the mean power of
 * the stretch of noise that is added.
 *
 * @param samples Mono, finite, 8 kHz. Silence stays silence.
 * @param options.noise At the same rate, not empty. A longer one gives a stretch drawn at random, of several the first that
 *   is not much weaker than the whole; a shorter one is repeated from a random sample on. Digital silence adds nothing.
 * @param options.snrDb The ratio in dB, finite.
 * @param options.random Draws where the stretch begins.
 * @returns As many samples; they may exceed -1..1.
 * @throws {InvalidArgumentError} The noise is empty, or `snrDb` is not finite.
 */
export function addNoise(
  samples: Float32Array,
  options: { noise: Float32Array; snrDb: number; random: Random },
): Float32Array {
  const { noise, snrDb, random } = options;
  if (noise.length === 0) throw new InvalidArgumentError("addNoise: noise must have samples, got none");
  if (!Number.isFinite(snrDb)) {
    throw new InvalidArgumentError(`addNoise: snrDb must be finite, got ${snrDb}`);
  }
  const stretch = drawStretch(noise, samples.length, random);
  const noisePower = meanPower(stretch);
  if (noisePower === 0) return samples.slice();
  const gain = Math.sqrt(speechPower(samples) / noisePower / 10 ** (snrDb / 10));
  return samples.map((value, i) => value + gain * stretch[i]!);
}

function drawStretch(noise: Float32Array, length: number, random: Random): Float32Array {
  const enough = LEAST_SEGMENT_SHARE * meanPower(noise);
  let loudest = cut(noise, length, random);
  for (let tries = 1; tries < SEGMENT_TRIES && meanPower(loudest) < enough; tries++) {
    const other = cut(noise, length, random);
    if (meanPower(other) > meanPower(loudest)) loudest = other;
  }
  return loudest;
}

function cut(noise: Float32Array, length: number, random: Random): Float32Array {
  if (noise.length >= length) {
    const start = random.integer(0, noise.length - length + 1);
    return noise.subarray(start, start + length);
  }
  const start = random.integer(0, noise.length);
  return Float32Array.from({ length }, (_, i) => noise[(start + i) % noise.length]!);
}

function meanPower(samples: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += samples[i]! * samples[i]!;
  return energy / Math.max(1, samples.length);
}
