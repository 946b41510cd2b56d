// Where the states of known words are, by what a net hears. Tables of other aligners are wrong by more than a state lasts, most of
// all in accents far from theirs.

import { type AllowedWord, alignWords } from "../../live/align-words.ts";
import { noneLogProb, STATE_COUNT, STATE_HOP, STATES_PER_DIGIT } from "../../live/stream-net.ts";
import type { StateStretch } from "./stream-targets.ts";
import { UNSURE } from "./stream-targets.ts";

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

function wordsOf(stretches: readonly StateStretch[]): AllowedWord[] {
  const reach = (REACH_MS * 8) / STATE_HOP;
  return stretches.flatMap(({ state, start }, i) => {
    if (state === UNSURE || state % STATES_PER_DIGIT !== 1) return [];
    const { end } = stretches[i + STATES_PER_DIGIT - 1]!;
    const word = (state - 1) / STATES_PER_DIGIT;
    return [{ word, first: Math.floor(start / STATE_HOP - reach), end: Math.ceil(end / STATE_HOP + reach) }];
  });
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
