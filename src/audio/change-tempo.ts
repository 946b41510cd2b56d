// Speech said faster or slower at its own pitch: W. Verhelst and M. Roelands, "An overlap-add technique based on waveform
// similarity (WSOLA) for high quality time-scale modification of speech", ICASSP 1993.

const FRAME_SECONDS = 0.032;

/** Settings of {@link changeTempo}. */
export type TempoOptions = {
  /** Above 1 is faster, within 0.25..4. */
  rate: number;
  /** Hz. Default: 8000. */
  sampleRate?: number;
  /** How far a frame may be moved to fit the one before, in ms, >= 0. Default: 8. */
  searchMs?: number;
  /** Places are tried, and frames compared, on every such sample, a whole number >= 1; 2 is four times as fast. Default: 1. */
  searchStep?: number;
};

/**
 * Changes the speaking rate and keeps the pitch.
 *
 * @param samples Mono, finite.
 * @param options See {@link TempoOptions}.
 * @returns ceil(samples.length / rate) samples; a rate of 1 gives a copy.
 */
export function changeTempo(samples: Float32Array, options: TempoOptions): Float32Array {
  const { rate, hop, search, step } = inSamples(options);
  if (rate === 1) return samples.slice();
  // Zeros before and after, so that every frame lies within.
  const margin = 2 * hop + search;
  const padded = new Float32Array(samples.length + 2 * margin);
  padded.set(samples, margin);
  const window = hannWindow(2 * hop);
  const output = new Float32Array(Math.ceil(samples.length / rate));
  let next: number | undefined;
  for (let frame = 0; (frame - 1) * hop < output.length; frame++) {
    // The middle of a frame is at frame * hop in the output, at rate times that in the input.
    const wanted = Math.min(padded.length - 2 * hop, Math.round(frame * hop * rate) + margin - hop);
    const start: number =
      next === undefined ? wanted : mostAlike(padded, { wanted, like: next, hop, search, step });
    overlapAddInPlace(output, padded, { start, outputStart: (frame - 1) * hop, window });
    next = start + hop;
  }
  return output;
}

function inSamples({ rate, sampleRate = 8000, searchMs = 8, searchStep: step = 1 }: TempoOptions) {
  const hop = Math.max(1, Math.round((FRAME_SECONDS * sampleRate) / 2));
  return { rate, hop, search: Math.round((searchMs * sampleRate) / 1000), step };
}

/** Where near `wanted` the frame begins that best goes on from the one before, which would go on at `like`. */
function mostAlike(
  padded: Float32Array,
  options: { wanted: number; like: number; hop: number; search: number; step: number },
): number {
  const { wanted, like, hop, search, step } = options;
  const last = padded.length - 2 * hop;
  let best = Math.min(wanted, last);
  let highest = similarity(padded, { a: best, b: like, hop, step });
  for (let start = Math.max(0, wanted - search); start <= Math.min(last, wanted + search); start += step) {
    const value = similarity(padded, { a: start, b: like, hop, step });
    if (value > highest) [highest, best] = [value, start];
  }
  return best;
}

/** Correlation of the first halves of two frames, normalised by the level of the first. */
function similarity(
  padded: Float32Array,
  { a, b, hop, step }: { a: number; b: number; hop: number; step: number },
): number {
  let product = 0;
  let energy = 0;
  for (let i = 0; i < hop; i += step) {
    const value = padded[a + i]!;
    product += value * (padded[b + i] ?? 0);
    energy += value * value;
  }
  return energy === 0 ? 0 : product / Math.sqrt(energy);
}

/** Windows half a length apart add up to 1. */
function hannWindow(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}

/** Adds a frame under its window. */
function overlapAddInPlace(
  output: Float32Array,
  padded: Float32Array,
  { start, outputStart, window }: { start: number; outputStart: number; window: Float64Array },
): void {
  const end = Math.min(window.length, output.length - outputStart);
  for (let i = Math.max(0, -outputStart); i < end; i++) {
    output[outputStart + i]! += window[i]! * padded[start + i]!;
  }
}
