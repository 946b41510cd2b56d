// Recordings by the part they play. A list of datasets is handed from the readers to the training as it is; nobody between
// them has to know which roles there are.

import type { Recording, TimedWord } from "./recording.ts";

/**
 * Parts that recordings play: `digits`; `negatives`, words and phrases without a digit; `prompts`, phrases of one voice, to be
 * played in other voices; `voices`, speech of many voices without a digit; `noise`, without speech; `fluent`, numbers and
 * sentences, with the time of each word where there is a digit.
 */
export const ROLES = ["digits", "negatives", "prompts", "voices", "noise", "fluent"] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** Recordings that play one part. A list may hold several datasets of one role, of several corpora. */
export type Dataset = { role: Role; recordings: readonly Recording[] };

/** What is said in a clip of fluent speech. */
export type Said = {
  corpus: string;
  /** The words in their order; undefined or empty where there is no digit. */
  words?: readonly TimedWord[];
  /** Where each HMM state is, first sample and end, where a net has told it; then `words` tell no more. */
  stretches?: readonly { state: number; start: number; end: number }[];
  /** Samples at which a net is wrong. Default: none known. */
  hard?: readonly number[];
};

/** Decoded recordings of one role, mono, 8 kHz. All lists have the same length. */
export type Clips = {
  samples: readonly Float32Array[];
  /** Class of each clip, 0..10; 10 is "none". */
  labels: readonly number[];
  /** Who speaks in each clip, by number; the same number in two roles is not the same speaker. */
  speakers: readonly number[];
  /** Of the role `fluent`: what is said in each clip. */
  said?: readonly Said[];
};

/** Decoded datasets by role; a role without recordings may be left out. */
export type ClipsByRole = Readonly<Partial<Record<Role, Clips>>>;

/**
 * All recordings of a role, in the order of the datasets.
 *
 * @param datasets Any.
 * @param role Which.
 */
export function recordingsOf(datasets: readonly Dataset[], role: Role): Recording[] {
  return datasets.flatMap((dataset) => (dataset.role === role ? dataset.recordings : []));
}

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
