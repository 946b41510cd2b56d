// Recordings of fluent speech as the stream model trains on them.

import type { Span } from "../../audio/active-span.ts";
import { findActiveSpans } from "../../audio/active-span.ts";
import type { Said } from "../../corpus/dataset.ts";
import type { TimedWord } from "../../corpus/recording.ts";
import { OH_WORD } from "../../live/stream-net.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { DIGIT_WORDS } from "../../model/prediction.ts";
import type { StateStretch } from "./stream-targets.ts";
import { stateStretches, UNSURE } from "./stream-targets.ts";

/** A recording of fluent speech, and where in it each state of a digit is. */
export type FluentClip = {
  /** Mono, 8 kHz. */
  samples: Float32Array;
  /** Of digits, in their order; all else is none. Empty: speech without a digit. */
  stretches: readonly StateStretch[];
  /** Where something else is said, in its order. */
  others: readonly Span[];
  /** How often it is drawn for each second that it lasts, >= 0, among all with a digit, or all without. */
  weight: number;
  /** Samples at which a net is wrong, see `hardPlaces`; they are drawn more often. Default: none known. */
  hard?: readonly number[];
};

/** How often recordings of a corpus are drawn, for each second that they last. Others: 1. */
const CORPUS_WEIGHTS: Readonly<Record<string, number>> = {
  an4: 2,
  "phone-numbers": 8,
  speechocean762: 3,
  librispeech: 2,
  "duke-kunshan": 2,
  "numbers-one-voice": 1,
  synthesized: 0.25,
};

/** How much oftener recordings are drawn in which zero is "oh": there are few, and no clips of that word. */
const OH_WEIGHT = 6;

/** Samples, 120 ms. */
const SHORTEST_OTHER = 960;

/**
 * A recording as training takes it, its digits where a net has told that they are, else where the table puts them.
 *
 * @param said What is said.
 * @param samples Mono, 8 kHz.
 */
export function fluentClip(said: Said, samples: Float32Array): FluentClip {
  const { words = [], corpus, stretches = words.flatMap(stretchesOf), hard } = said;
  const hasOh = words.some(({ word }) => word === "oh");
  const weight = words.length > 0 ? (CORPUS_WEIGHTS[corpus] ?? 1) * (hasOh ? OH_WEIGHT : 1) : 1;
  const others = otherSpeech(samples, stretches);
  return { samples, stretches, others, weight, ...(hard && { hard }) };
}

/** Sound that is no digit. What is short beside one may belong to it: where a word ends, no two tables agree. */
function otherSpeech(samples: Float32Array, stretches: readonly StateStretch[]): Span[] {
  return findActiveSpans(samples, { sampleRate: SAMPLE_RATE }).flatMap((sound) => {
    const inside = stretches.filter(({ start, end }) => start < sound.end && end > sound.start);
    const starts = [sound.start, ...inside.map(({ end }) => end)];
    const ends = [...inside.map(({ start }) => start), sound.end];
    return starts
      .map((start, i) => ({ start, end: ends[i]! }))
      .filter(({ start, end }) => end - start >= SHORTEST_OTHER);
  });
}

function stretchesOf({ word, startMs, endMs }: TimedWord): StateStretch[] {
  const [start, end] = [toSample(startMs), toSample(endMs)];
  // The letter sounds as "oh" does; what is meant is told by what is around it at best.
  if (word === "o") return [{ state: UNSURE, start, end }];
  const digit = wordIndex(word);
  return digit === undefined ? [] : stateStretches([{ digit, start, end }]);
}

/** Place of a word among `WORD_DIGITS`; undefined where it is no digit. @param word In lower case. */
function wordIndex(word: string): number | undefined {
  if (word === "oh") return OH_WORD;
  const digit = DIGIT_WORDS.indexOf(word);
  return digit < 0 ? undefined : digit;
}

const toSample = (ms: number) => Math.round((ms * SAMPLE_RATE) / 1000);
