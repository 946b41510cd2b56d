// Clips in memory that all threads see.

import type { Clips, ClipsByRole } from "../corpus/dataset.ts";

/** {@link ClipsByRole}, the samples of each role one clip after another. */
export type SharedClips = Readonly<Record<string, SharedRole>>;

type SharedRole = Pick<Clips, "labels" | "speakers" | "said"> & {
  /** float32. */
  samples: SharedArrayBuffer;
  /** Where each clip ends in `samples`. */
  ends: readonly number[];
};

/** Copies clips into shared memory. @param clips Any. */
export function shareClips(clips: ClipsByRole): SharedClips {
  return Object.fromEntries(Object.entries(clips).map(([role, list]) => [role, shareRole(list)]));
}

/** Views on clips in shared memory. @param shared From {@link shareClips}. */
export function viewClips(shared: SharedClips): ClipsByRole {
  return Object.fromEntries(Object.entries(shared).map(([role, list]) => [role, viewRole(list)]));
}

function shareRole({ samples: clips, ...others }: Clips): SharedRole {
  const samples = new SharedArrayBuffer(4 * clips.reduce((sum, { length }) => sum + length, 0));
  const all = new Float32Array(samples);
  const ends: number[] = [];
  for (const clip of clips) {
    all.set(clip, ends.at(-1) ?? 0);
    ends.push((ends.at(-1) ?? 0) + clip.length);
  }
  return { samples, ends, ...others };
}

function viewRole({ samples, ends, ...others }: SharedRole): Clips {
  const all = new Float32Array(samples);
  return { samples: ends.map((end, i) => all.subarray(ends[i - 1] ?? 0, end)), ...others };
}
