// Clips that stand for digits in tests of the training: half a second of two partials, different for each digit.

import { createRandom } from "../src/random.ts";
import type { TrainingClips } from "../src/training/group-step.ts";

/**
 * Makes clips.
 *
 * @param takes How many of each digit.
 */
export function madeUpClips(takes: number): TrainingClips {
  const labels = Array.from({ length: 10 * takes }, (_, i) => i % 10);
  return { labels, clips: labels.map((label, i) => tone(label, i)) };
}

function tone(label: number, key: number): Float32Array {
  const random = createRandom(label, key);
  const [low, high] = [300 + 90 * label + 20 * random.normal(), 2600 - 120 * label + 20 * random.normal()];
  return Float32Array.from({ length: 4000 }, (_, n) => {
    const phase = (2 * Math.PI * n) / 8000;
    return 0.3 * Math.sin(phase * low) + 0.2 * Math.sin(phase * high) + 0.02 * random.normal();
  });
}
