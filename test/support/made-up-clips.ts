// Clips that stand for digits in tests of the training: half a second of two partials, different for each digit.

import type { Clips, ClipsByRole } from "../../src/corpus/dataset.ts";
import { createRandom } from "../../src/random.ts";

/**
 * Makes digits.
 *
 * @param takes How many of each digit.
 */
export function madeUpClips(takes: number): ClipsByRole & { digits: Clips } {
  const labels = Array.from({ length: 10 * takes }, (_, i) => i % 10);
  return { digits: asClips(labels.map(tone), labels) };
}

/**
 * Samples as clips of one role.
 *
 * @param samples Any number.
 * @param labels Class of each. Default: all are "none".
 * @param speakers Of each, by number. Default: all are one speaker's.
 */
export function asClips(
  samples: readonly Float32Array[],
  labels: readonly number[] = samples.map(() => 10),
  speakers: readonly number[] = samples.map(() => 0),
): Clips {
  return { samples, labels, speakers };
}

function tone(label: number, key: number): Float32Array {
  const random = createRandom(label, key);
  const [low, high] = [300 + 90 * label + 20 * random.normal(), 2600 - 120 * label + 20 * random.normal()];
  return Float32Array.from({ length: 4000 }, (_, n) => {
    const phase = (2 * Math.PI * n) / 8000;
    return 0.3 * Math.sin(phase * low) + 0.2 * Math.sin(phase * high) + 0.02 * random.normal();
  });
}
