// Forced alignment: the states of known words, by what a net hears (Viterbi along none and the words in turn).

import { noneLogProb, STATES_PER_DIGIT } from "./stream-net.ts";

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
  let scores = places.map((_, at) => (at <= 1 ? 0 : -Infinity));
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
