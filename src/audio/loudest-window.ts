// Which part of a long clip goes into the window of a net.

/** A window begins at a multiple of this many samples. */
export const BLOCK_LENGTH = 128;

/**
 * The loudest window of a clip, in steps of 128 samples: where the sum of the blocks' energies is largest, the first
 * one of equals. The model's own graph picks its window in the same way.
 *
 * @param samples Mono. What is left over after the last whole block counts as a block filled up with zeros.
 * @param options.length Samples in the window, a multiple of 128, > 0.
 * @returns `length` samples as a view on the input, or a copy where zeros had to fill up the last block; the input
 *   itself when it is no longer than that.
 */
export function loudestWindow(samples: Float32Array, options: { length: number }): Float32Array {
  const { length } = options;
  const start = loudestWindowStart(samples, options);
  if (samples.length <= length) return samples;
  const window = samples.subarray(start, start + length);
  if (window.length === length) return window;
  const filled = new Float32Array(length);
  filled.set(window);
  return filled;
}

/**
 * Where {@link loudestWindow} begins.
 *
 * @param samples Mono.
 * @param options.length Samples in the window, a multiple of 128, > 0.
 * @returns A multiple of 128; 0 for a clip that is no longer than the window.
 */
export function loudestWindowStart(samples: Float32Array, { length }: { length: number }): number {
  if (samples.length <= length) return 0;
  return BLOCK_LENGTH * loudestRun(blockEnergies(samples), length / BLOCK_LENGTH);
}

function blockEnergies(samples: Float32Array): Float64Array {
  const energies = new Float64Array(Math.ceil(samples.length / BLOCK_LENGTH));
  for (let i = 0; i < samples.length; i++) energies[Math.floor(i / BLOCK_LENGTH)]! += samples[i]! ** 2;
  return energies;
}

function loudestRun(energies: Float64Array, runLength: number): number {
  let loudest = 0;
  let loudestEnergy = -1;
  for (let begin = 0; begin + runLength <= energies.length; begin++) {
    let energy = 0;
    for (let k = 0; k < runLength; k++) energy += energies[begin + k]!;
    if (energy > loudestEnergy) {
      loudest = begin;
      loudestEnergy = energy;
    }
  }
  return loudest;
}
