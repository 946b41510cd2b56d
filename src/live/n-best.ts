// The best few strings of digits for a recording as a whole: token passing as in the digit decoder, with several tokens in
// each state that stand for different strings.

import type { DecoderSettings } from "./digit-decoder.ts";
import { digitOfState, noneLogProb, STATE_COUNT, STATES_PER_DIGIT } from "./stream-net.ts";

/** A string of digits and how likely its best path is. */
export type ScoredString = {
  digits: string;
  /** Natural logarithm, of paths through the same frames comparable. */
  score: number;
};

/** Which strings are looked for. */
export type BestStringsOptions = {
  /** Strings, >= 1. */
  count: number;
  /** Digits of each. Default: any number. */
  nDigits?: number;
};

/** Paths worse than the best one by this much are given up. */
const BEAM = 20;

type Token = { score: number; start: number; text: Text };

/** A string, made once for each sequence of digits, so that equal strings are the same object. */
type Text = { digits: number; last: number; before: Text | undefined; next: (Text | undefined)[] };

/**
 * The most likely strings.
 *
 * @param rows Logarithms of the outputs' probabilities, [OUTPUT_COUNT] for each frame.
 * @param settings How paths are scored; a path of a digit decoder has the same score here.
 * @param options See {@link BestStringsOptions}.
 * @returns At most `count`, the likeliest first; none where no string has that many digits.
 */
export function bestStrings(
  rows: readonly Float32Array[],
  settings: DecoderSettings,
  { count, nDigits = Infinity }: BestStringsOptions,
): ScoredString[] {
  const empty: Text = { digits: 0, last: -1, before: undefined, next: [] };
  let tokens: Token[][] = Array.from({ length: STATE_COUNT }, () => []);
  tokens[0] = [{ score: 0, start: 0, text: empty }];
  let frame = 0;
  for (const row of rows) {
    tokens = advance(tokens, { row, frame, settings, count, nDigits });
    frame++;
  }
  return outsideOf(tokens, { frame, settings, count, nDigits })
    .filter(({ text }) => nDigits === Infinity || text.digits === nDigits)
    .slice(0, count)
    .map(({ score, text }) => ({ digits: textOf(text), score }));
}

type Surroundings = { frame: number; settings: DecoderSettings; count: number; nDigits: number };

function advance(tokens: readonly Token[][], at: Surroundings & { row: Float32Array }): Token[][] {
  const { row, frame, settings, nDigits } = at;
  const outside = outsideOf(tokens, at);
  const entering = outside
    .filter(({ text }) => text.digits < nDigits)
    .map(({ score, text }) => ({ score: score - settings.digitPenalty, start: frame, text }));
  const none = noneLogProb(row, settings.otherPenalty);
  const next = tokens.map((own, state) => {
    if (state === 0) return moved(outside, none);
    const part = state % STATES_PER_DIGIT;
    const arriving = part === 1 ? entering : tokens[state - 1]!;
    return moved(
      merged(own, arriving, at),
      row[state]! + (part === 0 ? settings.endBias : settings.digitBias),
    );
  });
  return pruned(next, nDigits === Infinity);
}

/** Paths that are in no digit when the next frame comes. */
function outsideOf(tokens: readonly Token[][], at: Surroundings): readonly Token[] {
  let outside: readonly Token[] = tokens[0]!;
  for (let state = STATES_PER_DIGIT; state < STATE_COUNT; state += STATES_PER_DIGIT) {
    const leaving = tokens[state]!.filter(({ start }) => at.frame - start >= at.settings.minFrames).map(
      ({ score, start, text }) => ({ score, start, text: longer(text, digitOfState(state)) }),
    );
    outside = merged(outside, leaving, at);
  }
  return outside;
}

/**
 * Two lists as one, the likeliest first: the best `count` strings, each once; where the length is known, the best of each
 * length.
 */
function merged(one: readonly Token[], other: readonly Token[], at: Surroundings): readonly Token[] {
  const { count, nDigits } = at;
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  const kept: Token[] = [];
  for (let [i, j] = [0, 0]; i < one.length || j < other.length; ) {
    const isNext = j === other.length || (i < one.length && one[i]!.score >= other[j]!.score);
    const token = isNext ? one[i++]! : other[j++]!;
    let rivals = 0;
    let isNew = true;
    for (const { text } of kept) {
      if (text === token.text) isNew = false;
      if (nDigits === Infinity || text.digits === token.text.digits) rivals++;
    }
    if (isNew && rivals < count) kept.push(token);
  }
  return kept;
}

const moved = (tokens: readonly Token[], by: number): Token[] =>
  tokens.map(({ score, start, text }) => ({ score: score + by, start, text }));

function pruned(tokens: Token[][], canPrune: boolean): Token[][] {
  if (!canPrune) return tokens;
  const best = Math.max(...tokens.map((own) => own[0]?.score ?? -Infinity));
  return tokens.map((own) => own.filter(({ score }) => score >= best - BEAM));
}

function longer(text: Text, digit: number): Text {
  text.next[digit] ??= { digits: text.digits + 1, last: digit, before: text, next: [] };
  return text.next[digit];
}

function textOf(text: Text): string {
  const digits: number[] = [];
  for (let at: Text | undefined = text; at?.before; at = at.before) digits.push(at.last);
  return digits.reverse().join("");
}
