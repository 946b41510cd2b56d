// What a recording goes through on its way: a level, 16-bit samples, a telephone line.

import { peakOf } from "../audio/level.ts";
import { muLawInPlace } from "../audio/mu-law.ts";
import { resample } from "../audio/resample.ts";

/**
 * Scales a clip to a peak and rounds it to 16-bit samples, as a recorder at that level would give it.
 *
 * @param samples Mono, finite. Silence stays silence.
 * @param options.peakDb Of full scale, at most 0.
 * @returns As many samples, within -1..1.
 */
export function setPeak(samples: Float32Array, options: { peakDb: number }): Float32Array {
  const { peakDb } = options;
  const peak = peakOf(samples);
  if (peak === 0) return samples.slice();
  const gain = 10 ** (peakDb / 20) / peak;
  return samples.map((value) => Math.round(value * gain * 32767) / 32768);
}

/**
 * A telephone line: 8 bits by the mu-law, there and back.
 *
 * @param samples Mono, 8 kHz; beyond -1..1 they are clipped.
 * @returns As many samples, of 255 different values.
 */
export function throughMuLaw(samples: Float32Array): Float32Array {
  const changed = samples.slice();
  muLawInPlace(changed);
  return changed;
}

/**
 * Converts to another rate and back.
 *
 * @param samples Mono, finite.
 * @param options.sampleRate Hz, of the samples.
 * @param options.throughRate Hz; what lies above half of it is lost.
 * @returns As many samples.
 * @throws {InvalidArgumentError} A rate is out of range.
 */
export function throughRate(
  samples: Float32Array,
  options: { sampleRate: number; throughRate: number },
): Float32Array {
  const { sampleRate, throughRate: rate } = options;
  const there = resample(samples, { sourceRate: sampleRate, targetRate: rate });
  const back = resample(there, { sourceRate: rate, targetRate: sampleRate });
  const whole = new Float32Array(samples.length);
  whole.set(back.subarray(0, samples.length));
  return whole;
}
