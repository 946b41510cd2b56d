// Resampling by a factor near 1, so that speed and pitch change together: interpolation with a Kaiser-windowed sinc out
// of a table of phases (Smith and Gossett, A Flexible Sampling-Rate Conversion Method, ICASSP 1984). Faster speech is
// low-passed by the same kernel, so that nothing folds back from above the Nyquist frequency.

import { lowPassTaps } from "./kaiser-window.ts";

/** Changes the speed of clips; its tables and buffer are its own and reused. */
export type SpeedChanger = {
  /**
   * Samples of the clip read at every `factor`-th position, from its first sample on.
   *
   * @param samples The clip, not empty.
   * @param factor Above 1 is faster and higher, within 0.5..2.
   * @param out Filled from its beginning.
   * @returns Samples written: samples.length / factor, rounded up, or as many as `out` holds.
   */
  changeInto(samples: Float32Array, factor: number, out: Float32Array): number;
};

const PHASES = 1024;
const ZERO_CROSSINGS = 12;
const KAISER_BETA = 6;
// Neighbouring kernels differ by this much in cutoff.
const CUTOFF_STEP = 1.04;

type Kernel = { halfWidth: number; taps: Float32Array };

/** Makes a speed changer; kernels are computed when a factor first needs them. */
export function createSpeedChanger(): SpeedChanger {
  const kernels = new Map<number, Kernel>();
  let padded = new Float32Array(0);
  const kernelFor = (factor: number): Kernel => {
    const level = Math.max(0, Math.ceil(Math.log(factor) / Math.log(CUTOFF_STEP) - 1e-9));
    const kernel = kernels.get(level) ?? createKernel(CUTOFF_STEP ** -level);
    kernels.set(level, kernel);
    return kernel;
  };
  return {
    changeInto(samples, factor, out) {
      const length = Math.min(out.length, Math.ceil(samples.length / factor));
      if (factor === 1) {
        out.set(samples.subarray(0, length));
        return length;
      }
      const kernel = kernelFor(factor);
      const needed = samples.length + 2 * kernel.halfWidth + 1;
      if (padded.length < needed) padded = new Float32Array(2 * needed);
      padded.fill(0, 0, kernel.halfWidth);
      padded.set(samples, kernel.halfWidth);
      padded.fill(0, kernel.halfWidth + samples.length, needed);
      interpolateInto(padded, { factor, kernel, length }, out);
      return length;
    },
  };
}

function interpolateInto(
  padded: Float32Array,
  { factor, kernel, length }: { factor: number; kernel: Kernel; length: number },
  out: Float32Array,
): void {
  const { halfWidth, taps } = kernel;
  const width = 2 * halfWidth;
  for (let n = 0; n < length; n++) {
    const position = n * factor;
    const whole = Math.floor(position);
    const phase = width * Math.round((position - whole) * PHASES);
    let sum = 0;
    for (let k = 0; k < width; k++) sum += taps[phase + k]! * padded[whole + 1 + k]!;
    out[n] = sum;
  }
}

/** Rows of 2 * halfWidth taps for the fractions 0, 1/PHASES ... 1, each with sum 1. */
function createKernel(cutoff: number): Kernel {
  const halfWidth = Math.ceil(ZERO_CROSSINGS / cutoff);
  const width = 2 * halfWidth;
  const taps = new Float32Array((PHASES + 1) * width);
  for (let phase = 0; phase <= PHASES; phase++) {
    taps.set(lowPassTaps(phase / PHASES, { cutoff, halfWidth, beta: KAISER_BETA }), phase * width);
  }
  return { halfWidth, taps };
}
