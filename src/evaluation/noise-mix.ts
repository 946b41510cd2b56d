// What a place adds to a recording: noise, other talkers, reverberation.

import { createRealFft } from "../audio/fft.ts";
import { activePower, meanPower } from "../audio/level.ts";
import { drawRoomResponse } from "../audio/room-response.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";

// A recording of a dog is mostly silence between barks; a stretch of nothing is no noise.
const LEAST_SEGMENT_SHARE = 0.1;
const SEGMENT_TRIES = 12;

/**
 * Adds noise all over a clip, at a ratio of the power of the clip's active part ({@link activePower}) to the mean power of
 * the stretch of noise that is added.
 *
 * @param samples Mono, finite, 8 kHz. Silence stays silence.
 * @param options.noise At the same rate, not empty. A longer one gives a stretch drawn at random, of several the first that
 *   is not much weaker than the whole; a shorter one is repeated from a random sample on. Digital silence adds nothing.
 * @param options.snrDb The ratio in dB, finite.
 * @param options.random Draws where the stretch begins.
 * @returns As many samples; they may exceed -1..1.
 */
export function addNoise(
  samples: Float32Array,
  options: { noise: Float32Array; snrDb: number; random: Random },
): Float32Array {
  const { noise, snrDb, random } = options;
  const stretch = drawStretch(noise, samples.length, random);
  const noisePower = meanPower(stretch);
  if (noisePower === 0) return samples.slice();
  const gain = Math.sqrt(activePower(samples) / noisePower / 10 ** (snrDb / 10));
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

const LONGEST_PAUSE = 2000;

/**
 * Babble: several talkers at the same level, each saying a clip again and again with pauses of up to a quarter of a second.
 *
 * @param clips Speech, mono, 8 kHz, at least one; empty and silent ones are passed over.
 * @param options.length Samples wanted, >= 0.
 * @param options.nTalkers How many speak at once, >= 1. Default: 6.
 * @returns [length] samples.
 * @throws {InvalidArgumentError} No clip holds speech.
 */
export function makeBabble(
  clips: readonly Float32Array[],
  options: { length: number; random: Random; nTalkers?: number },
): Float32Array {
  const { length, random, nTalkers = 6 } = options;
  const voices = clips.filter((clip) => activePower(clip) > 0);
  if (voices.length === 0) throw new InvalidArgumentError("makeBabble: expected clips of speech, got none");
  const babble = new Float32Array(length);
  for (let talker = 0; talker < nTalkers; talker++) {
    const clip = voices[random.integer(0, voices.length)]!;
    const gain = 1 / Math.sqrt(activePower(clip));
    const period = clip.length + random.integer(0, LONGEST_PAUSE + 1);
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

// The first of a room's response hold nothing yet, so that even the shortest reverberation has samples.
const SILENT_SECONDS = 0.002;

/**
 * Puts a clip into a room, whose reverberation `drawRoomResponse` draws; it has the energy of the direct sound, as of a
 * speaker some way off.
 *
 * @param samples Mono, 8 kHz, finite.
 * @param options.reverbTimeMs Time in which the sound falls by 60 dB, > 0, at most 5000.
 * @returns As many samples, the direct sound unchanged in place; what rings on after the end is cut off.
 */
export function addReverb(
  samples: Float32Array,
  options: { reverbTimeMs: number; random: Random },
): Float32Array {
  const { reverbTimeMs, random } = options;
  if (samples.length === 0) return samples.slice();
  const length = Math.ceil((reverbTimeMs / 1000 + SILENT_SECONDS) * 8000) + 1;
  const response = drawRoomResponse(length, { reverbTimeMs, random });
  const reverb = convolve(samples, response);
  return samples.map((value, i) => value + reverb[i]!);
}

/** The first samples of the convolution, as many as there are of `samples`. */
function convolve(samples: Float32Array, response: Float32Array): Float32Array {
  const size = Math.max(8, 2 ** Math.ceil(Math.log2(samples.length + response.length)));
  const fft = createRealFft(size);
  const spectrum = new Float32Array(size + 2);
  const factor = new Float32Array(size + 2);
  fft.forwardInto(samples, spectrum);
  fft.forwardInto(response, factor);
  for (let k = 0; k < size + 2; k += 2) {
    const [real, imaginary] = [spectrum[k]!, spectrum[k + 1]!];
    spectrum[k] = real * factor[k]! - imaginary * factor[k + 1]!;
    spectrum[k + 1] = real * factor[k + 1]! + imaginary * factor[k]!;
  }
  const convolved = new Float32Array(samples.length);
  fft.inverseInto(spectrum, convolved);
  return convolved;
}
