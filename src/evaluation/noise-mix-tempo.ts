// Speech said faster or slower at its own pitch: W. Verhelst and M. Roelands, "An overlap-add technique based on waveform
// similarity (WSOLA) for high quality time-scale modification of speech", ICASSP 1993.

import { InvalidArgumentError } from "../errors.ts";

const FRAME_SECONDS = 0.032;
const SEARCH_SECONDS = 0.008;

/**
 * Changes the speaking rate and keeps the pitch.
 *
 * @param samples Mono, finite.
 * @param options.rate Above 1 is faster, within 0.25..4.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns ceil(samples.length / rate) samples; a rate of 1 gives a copy.
 * @throws {InvalidArgumentError} `rate` is out of range.
 */
export function changeTempo(
  samples: Float32Array,
  options: { rate: number; sampleRate?: number },
): Float32Array {
  const { rate, sampleRate = 8000 } = options;
  if (!(rate >= 0.25 && rate <= 4)) {
    throw new InvalidArgumentError(`changeTempo: rate must be in 0.25..4, got ${rate}`);
  }
  if (rate === 1) return samples.slice();
  const hop = Math.max(1, Math.round((FRAME_SECONDS * sampleRate) / 2));
  const search = Math.round(SEARCH_SECONDS * sampleRate);
  // Zeros before and after, so that every frame lies within.
  const margin = 2 * hop + search;
  const padded = new Float32Array(samples.length + 2 * margin);
  padded.set(samples, margin);
  const output = new Float32Array(Math.ceil(samples.length / rate));
  let previous: number | undefined;
  for (let frame = 0; (frame - 1) * hop < output.length; frame++) {
    // The middle of a frame is at frame * hop in the output, at rate times that in the input.
    const wanted = Math.min(padded.length - 2 * hop, Math.round(frame * hop * rate) + margin - hop);
    const start =
      previous === undefined ? wanted : mostAlike(padded, { wanted, like: previous + hop, hop, search });
    overlapAddInPlace(output, padded, { start, outputStart: (frame - 1) * hop, hop });
    previous = start;
  }
  return output;
}

/** Where near `wanted` the frame begins that best goes on from the one before, which would go on at `like`. */
function mostAlike(
  padded: Float32Array,
  options: { wanted: number; like: number; hop: number; search: number },
): number {
  const { wanted, like, hop, search } = options;
  const last = padded.length - 2 * hop;
  let best = Math.min(wanted, last);
  let highest = similarity(padded, { a: best, b: like, hop });
  for (let start = Math.max(0, wanted - search); start <= Math.min(last, wanted + search); start++) {
    const value = similarity(padded, { a: start, b: like, hop });
    if (value > highest) [highest, best] = [value, start];
  }
  return best;
}

/** Correlation of the first halves of two frames, normalised by the level of the first. */
function similarity(padded: Float32Array, { a, b, hop }: { a: number; b: number; hop: number }): number {
  let product = 0;
  let energy = 0;
  for (let i = 0; i < hop; i++) {
    const value = padded[a + i]!;
    product += value * (padded[b + i] ?? 0);
    energy += value * value;
  }
  return energy === 0 ? 0 : product / Math.sqrt(energy);
}

/** Adds a frame of two hops under a Hann window; windows one hop apart add up to 1. */
function overlapAddInPlace(
  output: Float32Array,
  padded: Float32Array,
  { start, outputStart, hop }: { start: number; outputStart: number; hop: number },
): void {
  const end = Math.min(2 * hop, output.length - outputStart);
  for (let i = Math.max(0, -outputStart); i < end; i++) {
    const weight = 0.5 - 0.5 * Math.cos((Math.PI * i) / hop);
    output[outputStart + i]! += weight * padded[start + i]!;
  }
}
