// From the net's answers, frame by frame, to digits: the most likely way through a hidden Markov model of none and the words
// of digits, each of three states from left to right, found as the frames come in (Viterbi, by passing tokens: S. J. Young,
// N. H. Russell and J. H. S. Thornton, "Token passing", Cambridge University, 1989).

import { digitOfState, STATE_COUNT, STATES_PER_DIGIT } from "./stream-net.ts";

/** How the way through the states is chosen. Scores are natural logarithms. */
export type DecoderSettings = {
  /** Added to the score of each frame in a digit's first two parts; above 0 makes up for none being trained on more frames. */
  digitBias: number;
  /** The same for its last part: the less, the sooner a digit ends, and the sooner it is told. */
  endBias: number;
  /** Taken off for each digit. */
  digitPenalty: number;
  /** A digit lasts at least this many frames, >= 3. */
  minFrames: number;
  /** A digit is decided on this many frames after its end at the latest, >= 1. */
  lookahead: number;
  /** It is decided on as soon as every way without it is worse than the best one by this much. */
  beam: number;
};

/** A digit on the way that was decided on. Frames are counted since the stream began. */
export type DecodedDigit = {
  digit: number;
  /** First frame. */
  start: number;
  /** End, exclusive. */
  end: number;
  /** Mean probability of the digit over its frames, 0..1. */
  confidence: number;
};

/** Finds digits in one stream of frames. */
export type DigitDecoder = {
  /** @param logProbs [STATE_COUNT] of the next frame. @returns Digits that were decided on, in their order. */
  push(logProbs: Float32Array): DecodedDigit[];
  /** The stream is over. @returns Digits that were still open. */
  end(): DecodedDigit[];
};

/** A way through the states: where it is, and the digits behind it that are not decided on yet. */
type Token = {
  score: number;
  /** First frame of the digit that it is in. */
  start: number;
  /** Sum of that digit's probability since. */
  evidence: number;
  past: Past | undefined;
};

/** A digit behind a token, and those before it, back to one that is decided on. */
type Past = { digit: DecodedDigit; before: Past | undefined; decided: boolean };

const NOWHERE: Token = { score: -Infinity, start: 0, evidence: 0, past: undefined };
// Of a state, modulo the parts of a digit.
const FIRST_PART = 1;
const LAST_PART = 0;
const DIGIT_COUNT = 10;

/**
 * Makes a decoder for one stream. Its memory does not grow with the stream.
 *
 * @param settings See {@link DecoderSettings}.
 */
export function createDigitDecoder(settings: DecoderSettings): DigitDecoder {
  return new TokenDecoder(settings);
}

class TokenDecoder implements DigitDecoder {
  readonly #settings: DecoderSettings;
  // The best way into each state; state 0 is none.
  #tokens: Token[] = Array.from({ length: STATE_COUNT }, (_, state) =>
    state === 0 ? { ...NOWHERE, score: 0 } : NOWHERE,
  );
  #nFrames = 0;

  constructor(settings: DecoderSettings) {
    this.#settings = settings;
  }

  push(logProbs: Float32Array): DecodedDigit[] {
    this.#advance(logProbs);
    return this.#decide(this.#settings.lookahead);
  }

  end(): DecodedDigit[] {
    // A digit that the stream ends in ends there.
    const outside = this.#bestOutside();
    this.#tokens = this.#tokens.map((_, state) => (state === 0 ? outside : NOWHERE));
    return this.#decide(0);
  }

  #advance(logProbs: Float32Array): void {
    const { digitBias, endBias, digitPenalty } = this.#settings;
    const probs = digitProbs(logProbs);
    const earlier = this.#tokens;
    const outside = this.#bestOutside();
    const entering = { ...outside, score: outside.score - digitPenalty, start: this.#nFrames, evidence: 0 };
    this.#tokens = earlier.map((token, state) => {
      if (state === 0) return { ...outside, score: outside.score + logProbs[0]! };
      const part = state % STATES_PER_DIGIT;
      const other = part === FIRST_PART ? entering : earlier[state - 1]!;
      const from = other.score > token.score ? other : token;
      return {
        score: from.score + logProbs[state]! + (part === LAST_PART ? endBias : digitBias),
        start: from.start,
        evidence: from.evidence + probs[digitOfState(state)]!,
        past: from.past,
      };
    });
    this.#nFrames++;
    const best = this.#best().score;
    for (const token of this.#tokens) if (token !== NOWHERE) token.score -= best;
  }

  /** The best way that is in no digit when the next frame comes: it was in none, or leaves one. */
  #bestOutside(): Token {
    const { minFrames } = this.#settings;
    let best = this.#tokens[0]!;
    let digit = -1;
    for (let state = STATES_PER_DIGIT; state < STATE_COUNT; state += STATES_PER_DIGIT) {
      const token = this.#tokens[state]!;
      if (token.score > best.score && this.#nFrames - token.start >= minFrames) {
        best = token;
        digit = digitOfState(state);
      }
    }
    return digit < 0 ? best : { ...best, past: this.#withDigit(best, digit) };
  }

  #withDigit({ start, evidence, past }: Token, digit: number): Past {
    const end = this.#nFrames;
    const confidence = evidence / (end - start);
    return { digit: { digit, start, end, confidence }, before: past, decided: false };
  }

  #best(): Token {
    return this.#tokens.reduce((best, token) => (token.score > best.score ? token : best));
  }

  /** Decides on digits behind the best way, the oldest first: those that ended long enough ago or that all ways share. */
  #decide(lookahead: number): DecodedDigit[] {
    const decided: DecodedDigit[] = [];
    for (;;) {
      const oldest = oldestOf(this.#best().past);
      if (!oldest) return decided;
      const isDue = this.#nFrames - oldest.digit.end >= lookahead;
      if (!isDue && !this.#isShared(oldest)) return decided;
      // A way on which another digit stands there, or none, is given up.
      this.#tokens = this.#tokens.map((token) => (oldestOf(token.past) === oldest ? token : NOWHERE));
      oldest.decided = true;
      oldest.before = undefined;
      decided.push(oldest.digit);
    }
  }

  #isShared(oldest: Past): boolean {
    const rivals = this.#tokens.filter(({ score }) => score > -this.#settings.beam);
    return rivals.every(({ past }) => oldestOf(past) === oldest);
  }
}

/** Probability of each digit: that of the states of its words together. */
function digitProbs(logProbs: Float32Array): Float64Array {
  const probs = new Float64Array(DIGIT_COUNT);
  for (let state = FIRST_PART; state < STATE_COUNT; state++)
    probs[digitOfState(state)]! += Math.exp(logProbs[state]!);
  return probs;
}

/** The first digit that is not decided on yet. */
function oldestOf(past: Past | undefined): Past | undefined {
  if (!past || past.decided) return undefined;
  let oldest = past;
  while (oldest.before && !oldest.before.decided) oldest = oldest.before;
  return oldest;
}
