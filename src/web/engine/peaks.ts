import { meanPower } from "../../audio/level.ts";

const N_STRETCHES = 1000;
// A long sound is drawn wider than its place, and scrolled.
const STRETCHES_PER_SECOND = 40;

/**
 * What a waveform is drawn from: the largest magnitude in each of 1000 equal stretches, or of 40 a second where that is
 * more (fewer for shorter clips).
 *
 * @param samples Mono.
 * @param sampleRate Hz.
 * @returns Values from 0.
 */
export function pictureOf(samples: Float32Array, sampleRate: number): Float32Array {
  const nStretches = Math.max(N_STRETCHES, Math.ceil((samples.length / sampleRate) * STRETCHES_PER_SECOND));
  const peaks = new Float32Array(Math.min(nStretches, samples.length));
  for (let i = 0; i < peaks.length; i++) {
    const end = Math.floor(((i + 1) * samples.length) / peaks.length);
    for (let k = Math.floor((i * samples.length) / peaks.length); k < end; k++) {
      peaks[i] = Math.max(peaks[i]!, Math.abs(samples[k]!));
    }
  }
  return peaks;
}

/**
 * Loudness of a chunk: its RMS in dB of full scale, at least -100.
 *
 * @param samples Mono.
 */
export function levelOf(samples: Float32Array): number {
  return Math.max(-100, 10 * Math.log10(meanPower(samples) + 1e-12));
}
