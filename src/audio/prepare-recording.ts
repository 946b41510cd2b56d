// What is done to a recording before it is classified.

import { InvalidArgumentError } from "../errors.ts";
import { offsetOf } from "./offset-and-tones.ts";

/** What is done to a recording before it is classified. */
export type PrepareOptions = {
  /** Whether silence is cut off both ends. Default: true. */
  trim?: boolean;
  /** Whether steady noise is reduced first. Default: false. */
  denoise?: boolean;
};

/**
 * Makes samples ready to classify.
 *
 * @param samples Mono, nominally -1..1, at least one.
 * @param options.sampleRate Hz.
 * @param options.trim Whether silence is cut off both ends. Default: true.
 * @param options.denoise Whether steady noise is reduced first. Default: false.
 * @returns Samples at the same rate, at least one.
 * @throws {InvalidArgumentError} The sample rate is out of range.
 */
export async function prepareRecording(
  samples: Float32Array,
  options: PrepareOptions & { sampleRate: number },
): Promise<Float32Array> {
  const { sampleRate, trim = true } = options;
  let prepared = samples;
  if (options.denoise) {
    const { denoise } = await import("./denoise.ts");
    prepared = await denoise(prepared, { sampleRate });
  }
  if (!trim) return prepared;
  const trimmed = trimSilence(prepared, { sampleRate }).samples;
  // Of digital silence nothing is left; the classifier has a name for it.
  return trimmed.length > 0 ? trimmed : prepared;
}

// After librosa.effects.trim (librosa 0.10, ISC licence): level of overlapping frames, relative to the loudest one.
// Other than there, a constant offset does not count.

/** Settings of {@link trimSilence}. */
export type TrimOptions = {
  /** Hz, > 0. */
  sampleRate: number;
  /** A frame this far below the loudest one is silence, in dB, > 0. Default: 40 (librosa: 60, which keeps room noise). */
  topDb?: number;
  /** Length of a frame in milliseconds, > 0. Default: 93, librosa's 2048 samples at 22,050 Hz. */
  frameMs?: number;
  /** Step between frames in milliseconds, > 0. Default: 23.25, a quarter of a frame. */
  hopMs?: number;
};

/**
 * Cuts silence off both ends, by energy. Frames are centred on multiples of the hop, the clip padded with zeros.
 *
 * @param samples Mono, finite.
 * @param options See {@link TrimOptions}.
 * @returns `samples`: the part of the input from `startSample` up to and without `endSample`, as a view on it. A clip of
 *   one constant, or an empty one, has nothing to be louder than and comes back empty (both ends 0).
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function trimSilence(
  samples: Float32Array,
  options: TrimOptions,
): { samples: Float32Array; startSample: number; endSample: number } {
  const { sampleRate, topDb = 40, frameMs = 93, hopMs = 23.25 } = options;
  for (const [name, value] of Object.entries({ sampleRate, topDb, frameMs, hopMs })) {
    if (!(value > 0 && value < Infinity)) {
      throw new InvalidArgumentError(`trimSilence: ${name} must be > 0, got ${value}`);
    }
  }
  const frameLength = Math.max(1, Math.round((frameMs / 1000) * sampleRate));
  const hopLength = Math.max(1, Math.round((hopMs / 1000) * sampleRate));
  const energies = frameEnergies(samples, { frameLength, hopLength });
  const threshold = energies.reduce((loudest, energy) => Math.max(loudest, energy), 0) * 10 ** (-topDb / 10);
  const isSound = (energy: number) => energy > threshold;
  const first = energies.findIndex(isSound);
  if (first < 0) return { samples: samples.subarray(0, 0), startSample: 0, endSample: 0 };
  const startSample = first * hopLength;
  const endSample = Math.min(samples.length, (energies.findLastIndex(isSound) + 1) * hopLength);
  return { samples: samples.subarray(startSample, endSample), startSample, endSample };
}

function frameEnergies(
  samples: Float32Array,
  frame: { frameLength: number; hopLength: number },
): Float64Array {
  const { frameLength, hopLength } = frame;
  const offset = offsetOf(samples);
  const energies = new Float64Array(Math.floor(samples.length / hopLength) + 1);
  // Of all samples up to the frame's end, and up to its start: frames overlap.
  let [toEnd, toStart, end, start] = [0, 0, 0, 0];
  for (let i = 0; i < energies.length; i++) {
    const begin = i * hopLength - Math.floor(frameLength / 2);
    for (const last = Math.min(samples.length, begin + frameLength); end < last; end++) {
      toEnd += (samples[end]! - offset) ** 2;
    }
    for (; start < begin; start++) toStart += (samples[start]! - offset) ** 2;
    energies[i] = toEnd - toStart;
  }
  return energies;
}
