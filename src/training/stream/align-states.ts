// Forced alignment: where the states of known words are, by what a net hears (Viterbi along none and the words in turn).
// Tables of other aligners are wrong by more than a state lasts, most of all in accents far from theirs.

import { noneLogProb, STATE_COUNT, STATE_HOP, STATES_PER_DIGIT } from "../../live/stream-net.ts";
import type { StateStretch } from "./stream-targets.ts";
import { UNSURE } from "./stream-targets.ts";

/** A word that is said, and where it may be. */
export type AllowedWord = {
  /** Its place among `WORD_DIGITS`. */
  word: number;
  /** First frame that it may begin in. */
  first: number;
  /** Frame that it has to end before. */
  end: number;
};

/** A frame of a word's state, or of none, in the order in which they have to come. */
type Place = { state: number; first: number; end: number };

// The net is trained on more frames of none than of all digits.
const DIGIT_BIAS = 1;
// How far from the table a word may be found.
const REACH_MS = 400;
// Where a digit has less than this of the probability over its frames, it was not found.
const LEAST_CONFIDENCE = 0.15;

/**
 * Finds the states of words anew.
 *
 * @param stretches Where they are thought to be: three states a word, in samples.
 * @param logProbs What a net hears, [OUTPUT_COUNT] for each frame from the recording's first sample on.
 * @returns The same states where the net hears them; as they were, where it does not hear one of the words.
 */
export function realign(
  stretches: readonly StateStretch[],
  logProbs: readonly Float32Array[],
): StateStretch[] {
  const unsure = stretches.filter(({ state }) => state === UNSURE);
  const words = wordsOf(stretches);
  const path = alignWords(words, logProbs);
  if (!path) return [...stretches];
  const found = stretchesAlong(path);
  const isHeard = words.every(
    (_, i) => confidenceOf(found.slice(3 * i, 3 * i + 3), logProbs) >= LEAST_CONFIDENCE,
  );
  return isHeard ? [...found, ...unsure].sort((a, b) => a.start - b.start) : [...stretches];
}

/**
 * The likeliest path through none and words in turn; none may last for no frame at all.
 *
 * @param words In their order.
 * @param logProbs [OUTPUT_COUNT] for each frame.
 * @returns The state of each frame; undefined where the words do not fit.
 */
export function alignWords(
  words: readonly AllowedWord[],
  logProbs: readonly Float32Array[],
): number[] | undefined {
  const places = placesOf(words, logProbs.length);
  const from: Int8Array[] = [];
  let scores = places.map((_, at) => (at === 0 ? 0 : at === 1 ? 0 : -Infinity));
  logProbs.forEach((frame, t) => {
    const steps = new Int8Array(places.length);
    const none = noneLogProb(frame);
    scores = places.map(({ state, first, end }, at) => {
      if (t < first || t >= end) return -Infinity;
      const [best, step] = t === 0 ? [scores[at]!, 0] : bestBefore(scores, at, state);
      steps[at] = step;
      return best + (state === 0 ? none : frame[state]! + DIGIT_BIAS);
    });
    from.push(steps);
  });
  const last = places.length - 1;
  const endAt = scores[last]! >= (scores[last - 1] ?? -Infinity) ? last : last - 1;
  if (!(scores[endAt]! > -Infinity)) return undefined;
  return traceBack(endAt, { from, places });
}

function wordsOf(stretches: readonly StateStretch[]): AllowedWord[] {
  const reach = (REACH_MS * 8) / STATE_HOP;
  return stretches.flatMap(({ state, start }, i) => {
    if (state === UNSURE || state % STATES_PER_DIGIT !== 1) return [];
    const { end } = stretches[i + STATES_PER_DIGIT - 1]!;
    const word = (state - 1) / STATES_PER_DIGIT;
    return [{ word, first: Math.floor(start / STATE_HOP - reach), end: Math.ceil(end / STATE_HOP + reach) }];
  });
}

function placesOf(words: readonly AllowedWord[], frames: number): Place[] {
  const none = { state: 0, first: 0, end: frames };
  const ofWord = ({ word, first, end }: AllowedWord) =>
    [1, 2, 3].map((part) => ({ state: STATES_PER_DIGIT * word + part, first, end }));
  return [none, ...words.flatMap((word) => [...ofWord(word), none])];
}

/** The best place of the frame before: the same, the one before it, or, from a word's end, the one before none. */
function bestBefore(scores: readonly number[], at: number, state: number): [score: number, step: number] {
  const isFirst = state % STATES_PER_DIGIT === 1;
  const steps = isFirst && at >= 2 ? [0, 1, 2] : at >= 1 ? [0, 1] : [0];
  const step = steps.reduce((best, step) => (scores[at - step]! > scores[at - best]! ? step : best));
  return [scores[at - step]!, step];
}

function traceBack(
  endAt: number,
  { from, places }: { from: readonly Int8Array[]; places: readonly Place[] },
): number[] {
  const path: number[] = [];
  let at = endAt;
  for (let t = from.length - 1; t >= 0; t--) {
    path.push(places[at]!.state);
    at -= from[t]![at]!;
  }
  return path.reverse();
}

/** Runs of frames of one state; none is left out. */
function stretchesAlong(path: readonly number[]): StateStretch[] {
  const stretches: StateStretch[] = [];
  path.forEach((state, t) => {
    if (state !== path[t - 1]) stretches.push({ state, start: t * STATE_HOP, end: t * STATE_HOP });
    stretches.at(-1)!.end += STATE_HOP;
  });
  return stretches.filter(({ state }) => state > 0);
}

function confidenceOf(word: readonly StateStretch[], logProbs: readonly Float32Array[]): number {
  const [first, end] = [word[0]!.start / STATE_HOP, word.at(-1)!.end / STATE_HOP];
  const states = word.map(({ state }) => state);
  let sum = 0;
  for (let t = first; t < end; t++) for (const state of states) sum += Math.exp(logProbs[t]![state]!);
  return sum / (end - first);
}

/**
 * Places where a net is wrong: frames without a digit that it takes for one, and digits that it does not hear.
 *
 * @param stretches What is right, in samples.
 * @param logProbs What the net hears, [OUTPUT_COUNT] for each frame.
 * @returns Samples in the middle of each such place, rising.
 */
export function hardPlaces(stretches: readonly StateStretch[], logProbs: readonly Float32Array[]): number[] {
  const wanted = new Int16Array(logProbs.length);
  for (const { state, start, end } of stretches) {
    wanted.fill(state, Math.max(0, Math.round(start / STATE_HOP)), Math.max(0, Math.round(end / STATE_HOP)));
  }
  const isWrong = logProbs.map((frame, t) => {
    const none = Math.exp(noneLogProb(frame));
    if (wanted[t] === UNSURE) return false;
    return wanted[t] === 0 ? none < 0.5 && isFarFromDigits(wanted, t) : ofSameWord(frame, wanted[t]!) < 0.3;
  });
  return middlesOf(isWrong);
}

/** A frame at the edge of a digit is wrong as often as right, and nobody can say. */
function isFarFromDigits(wanted: Int16Array, t: number): boolean {
  for (let near = t - 3; near <= t + 3; near++) if ((wanted[near] ?? 0) !== 0) return false;
  return true;
}

function ofSameWord(frame: Float32Array, state: number): number {
  const first = state - ((state - 1) % STATES_PER_DIGIT);
  let sum = 0;
  for (let other = first; other < Math.min(STATE_COUNT, first + STATES_PER_DIGIT); other++)
    sum += Math.exp(frame[other]!);
  return sum;
}

/** The middle of each run of at least three wrong frames. */
function middlesOf(isWrong: readonly boolean[]): number[] {
  const middles: number[] = [];
  let start = 0;
  for (let t = 0; t <= isWrong.length; t++) {
    if (isWrong[t]) continue;
    if (t - start >= 3) middles.push(((start + t) / 2) * STATE_HOP);
    start = t + 1;
  }
  return middles;
}
