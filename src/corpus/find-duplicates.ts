// Copies of one recording under several names. A digest finds them only while nobody has converted the files: resampling
// with dither leaves two copies of one recording different in their last bits.

import { meanPower } from "../audio/level.ts";
import { groupBy } from "../group-by.ts";

/** Samples that differ by no more than this are the same up to dither: three steps of 16-bit audio. */
export const DITHER_TOLERANCE = 3 / 32768;

/**
 * Groups clips that are the same recording: as many samples, and no two that differ by more than
 * {@link DITHER_TOLERANCE}. Give it no near-silent clips: any two of these are the same by that rule.
 *
 * @param clips Samples of each clip.
 * @returns Groups of two or more places in `clips`, each in rising order; a clip is in at most one.
 */
export function findDuplicates(clips: readonly Float32Array[]): number[][] {
  const order = clips
    .map((samples, index) => ({ index, samples, rms: Math.sqrt(meanPower(samples)) }))
    .sort(byLengthAndRms);
  const groups = createGroups(clips.length);
  for (const [i, clip] of order.entries()) {
    for (let j = i + 1; j < order.length; j++) {
      const other = order[j]!;
      // By the triangle inequality the levels of two copies differ by no more than their samples do.
      if (other.samples.length !== clip.samples.length || other.rms - clip.rms > DITHER_TOLERANCE) break;
      if (isCopy(clip.samples, other.samples)) groups.join(clip.index, other.index);
    }
  }
  return groups.list().filter((group) => group.length > 1);
}

type Entry = { index: number; samples: Float32Array; rms: number };

function byLengthAndRms(a: Entry, b: Entry): number {
  return a.samples.length - b.samples.length || a.rms - b.rms || a.index - b.index;
}

function isCopy(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(a[i]! - b[i]!) > DITHER_TOLERANCE) return false;
  }
  return true;
}

/** Disjoint sets (union and find) over the numbers below `length`. */
function createGroups(length: number) {
  const parents = Array.from({ length }, (_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root]!;
    return root;
  };
  return {
    join(a: number, b: number): void {
      const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y);
      parents[high!] = low!;
    },
    list(): number[][] {
      return [...groupBy([...parents.keys()], rootOf).values()];
    },
  };
}
