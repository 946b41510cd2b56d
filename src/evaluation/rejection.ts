// How often sounds without a digit are accepted as one: words, recorded noise, silence.

import pMap from "p-map";
import { type ClassifySamples, CONCURRENCY, type EvaluateOptions } from "./evaluate-recordings.ts";
import { makeSilences, SILENCE_KINDS } from "./rejection-silence.ts";

/** Speech without a digit: its samples and what is said, where that is known. */
export type WordClip = { samples: Float32Array; word?: string };

/** Recorded noise: its samples and what makes it. */
export type NoiseClip = { samples: Float32Array; kind: string };

/** What is measured and on what. */
export type RejectionOptions = EvaluateOptions & {
  /** Predicts, at 8 kHz. */
  classify: ClassifySamples;
  /** Lists of speech without digits by name, none of it used in training; each with a clip, each clip with samples. */
  words: Readonly<Record<string, readonly WordClip[]>>;
  /** Recorded noise, mono, 8 kHz, none of it used in training; may be none. */
  noises: readonly NoiseClip[];
  /** A whole number, of the silence that is made. */
  seed: number;
};

/** Of `n` clips, how many were predicted to be a digit. */
export type RejectionFigures = { n: number; answered: number };

/** Figures over a list and over its parts, by name. */
export type RejectionPart = RejectionFigures & { byKind: Record<string, RejectionFigures> };

/** All that should have been predicted as none. */
export type RejectionReport = {
  /** By the names of the lists; the parts are the words, sorted, without those that are not known. */
  words: Record<string, RejectionPart>;
  /** Windows of one second; the parts are the kinds of noise. Without noise there are 0. */
  noise: RejectionPart & { hopMs: number };
  /** Digital and analogue silence; the parts are the kinds of {@link SILENCE_KINDS}. */
  silence: RejectionPart;
};

type Sound = { samples: Float32Array; kind?: string };

const SAMPLE_RATE = 8000;
/** Length of a window of noise in samples: one second. */
const NOISE_WINDOW = SAMPLE_RATE;
const HOP_MS = 250;

/**
 * Classifies what is no digit. Of recorded noise every window of a second is tried, one each 250 ms.
 *
 * @param options See {@link RejectionOptions}.
 * @throws Any error of `classify`, as it is.
 */
export async function measureRejection(options: RejectionOptions): Promise<RejectionReport> {
  const { words, noises, seed, onProgress } = options;
  const lists = Object.entries(words);
  let nDone = 0;
  const measure = async (sounds: readonly Sound[]) => {
    const part = await measurePart(sounds, options);
    onProgress?.(++nDone, lists.length + 2);
    return part;
  };
  const ofWords: [string, RejectionPart][] = [];
  for (const [name, clips] of lists) {
    ofWords.push([name, await measure(clips.map(({ samples, word }) => ({ samples, kind: word })))]);
  }
  const windows = noises.flatMap(({ samples, kind }) =>
    cutWindows(samples, HOP_MS).map((window) => ({ samples: window, kind })),
  );
  return {
    words: Object.fromEntries(ofWords),
    noise: { ...(await measure(windows)), hopMs: HOP_MS },
    silence: await measure(SILENCE_KINDS.flatMap((kind) => makeSilences(kind, { seed }))),
  };
}

/**
 * Cuts a recording into windows of one second ({@link NOISE_WINDOW} samples).
 *
 * @param samples Mono, 8 kHz. One shorter than a window is a window as it is.
 * @param hopMs How far one begins after the other, > 0.
 * @returns Views of the samples, none for none; what is left at the end is passed over.
 */
export function cutWindows(samples: Float32Array, hopMs: number): Float32Array[] {
  if (samples.length === 0) return [];
  const hop = Math.max(1, Math.round((hopMs / 1000) * SAMPLE_RATE));
  const count = 1 + Math.max(0, Math.floor((samples.length - NOISE_WINDOW) / hop));
  return Array.from({ length: count }, (_, i) => samples.subarray(i * hop, i * hop + NOISE_WINDOW));
}

async function measurePart(sounds: readonly Sound[], options: RejectionOptions): Promise<RejectionPart> {
  const { classify, signal } = options;
  const outcomes = await pMap(
    sounds,
    async ({ samples, kind }) => {
      const { digit } = await classify(samples, { sampleRate: SAMPLE_RATE });
      return { kind, answered: digit !== null };
    },
    { concurrency: CONCURRENCY, signal },
  );
  const kinds = [...new Set(outcomes.flatMap(({ kind }) => kind ?? []))].sort();
  const ofKind = (kind: string) => outcomes.filter((outcome) => outcome.kind === kind);
  return {
    ...count(outcomes),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, count(ofKind(kind))])),
  };
}

function count(outcomes: readonly { answered: boolean }[]): RejectionFigures {
  return { n: outcomes.length, answered: outcomes.filter(({ answered }) => answered).length };
}
