import { energyOf } from "../audio/level.ts";

/** How loud a clip is and how much that varies, in dB of full scale (0 dB: mean square 1). */
export type ClipLevels = {
  /** Of its loudest 0.3 s, or of all of a shorter clip. -200 for digital silence. */
  loudestDb: number;
  /**
   * How far the rest is below that; undefined where the rest is shorter than 0.3 s, as in a clip cut close around a word.
   */
  contrastDb?: number;
  /** From the level that a tenth of its 20 ms frames stay below to that which a twentieth exceed. */
  spreadDb: number;
};

const LOUDEST_SECONDS = 0.3;
const FRAME_SECONDS = 0.02;

/**
 * Measures the levels of a clip.
 *
 * @param samples Mono, finite, nominally -1..1; may be empty.
 * @param options.sampleRate Hz, > 0.
 */
export function measureClipLevels(samples: Float32Array, options: { sampleRate: number }): ClipLevels {
  const { sampleRate } = options;
  const length = Math.min(samples.length, Math.round(LOUDEST_SECONDS * sampleRate));
  const rest = samples.length - length;
  const total = energyOf(samples);
  const loudest = loudestEnergy(samples, length);
  const loudestDb = toDb(loudest / Math.max(1, length));
  const frames = frameLevels(samples, Math.round(FRAME_SECONDS * sampleRate));
  return {
    loudestDb,
    ...(rest >= length && rest > 0 && { contrastDb: loudestDb - toDb(Math.max(0, total - loudest) / rest) }),
    spreadDb: quantile(frames, 0.95) - quantile(frames, 0.1),
  };
}

/** The largest energy of any `length` samples in a row. */
function loudestEnergy(samples: Float32Array, length: number): number {
  let energy = 0;
  let loudest = 0;
  for (let i = 0; i < samples.length; i++) {
    energy += samples[i]! * samples[i]!;
    if (i >= length) energy -= samples[i - length]! * samples[i - length]!;
    loudest = Math.max(loudest, energy);
  }
  return loudest;
}

/** Levels of frames that overlap by half, in rising order. */
function frameLevels(samples: Float32Array, frameLength: number): number[] {
  const levels: number[] = [];
  const hop = Math.max(1, frameLength >> 1);
  for (let start = 0; start + frameLength <= samples.length; start += hop) {
    levels.push(toDb(energyOf(samples.subarray(start, start + frameLength)) / frameLength));
  }
  return levels.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

// Far below one step of 24-bit audio, so that differences of levels stay finite.
const SILENCE_POWER = 1e-20;

function toDb(power: number): number {
  return 10 * Math.log10(Math.max(power, SILENCE_POWER));
}
