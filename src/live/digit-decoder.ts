// From the net's outputs, frame by frame, to digits: the most likely path through a hidden Markov model of none and the words
// of digits, each of three states from left to right, found as the frames come in (Viterbi, by passing tokens: S. J. Young,
// N. H. Russell and J. H. S. Thornton, "Token passing", Cambridge University, 1989). Where the length of the number is known,
// there is a copy of the model for each count of digits so far.

import { digitOfState, noneLogProb, OTHER_SPEECH, STATE_COUNT, STATES_PER_DIGIT } from "./stream-net.ts";

/** How the path through the states is chosen. Scores are natural logarithms. */
export type DecoderSettings = {
  /** Added to the score of each frame in a digit's first two states; above 0 makes up for none being trained on more frames. */
  digitBias: number;
  /** The same for its last state: the less, the sooner a digit ends, and the sooner it is emitted. */
  endBias: number;
  /** Insertion penalty: taken off for each digit. */
  digitPenalty: number;
  /** Taken off for each frame of other speech; more where nothing but digits is said. */
  otherPenalty: number;
  /** A digit lasts at least this many frames, >= 3. */
  minFrames: number;
  /** A digit is decided on this many frames after its end at the latest, >= 1. */
  lookahead: number;
  /** It is decided on as soon as every path without it is worse than the best one by this much. */
  beam: number;
};

/** A digit on a path. Frames are counted since the stream began. */
export type DecodedDigit = {
  digit: number;
  /** First frame. */
  start: number;
  /** End, exclusive. */
  end: number;
  /** Mean probability of each digit over these frames, [10]. */
  probs: readonly number[];
  /**
   * How much of the second before it, but for the frames beside it, is other speech rather than digits: the mean probability of
   * the one less that of the others, 0..1.
   */
  other: number;
};

/** Finds digits in one stream of frames. */
export type DigitDecoder = {
  /** @param logProbs [OUTPUT_COUNT] of the next frame. @returns Digits that were decided on, in their order. */
  push(logProbs: Float32Array): DecodedDigit[];
  /** Digits of the best path that are not decided on yet, in their order. */
  open(): DecodedDigit[];
  /** The stream is over. @returns Digits that were still open. */
  end(): DecodedDigit[];
};

/** A path: its score, the digit that it is in, and the digits behind it that are not decided on yet. */
type Token = {
  score: number;
  /** First frame of the digit that it is in. */
  start: number;
  /** Sums of the digits' probabilities before that frame, [10]. */
  sums: Float64Array;
  past: Past | undefined;
};

/** A digit behind a token, and those before it, back to one that is decided on. */
type Past = { digit: DecodedDigit; before: Past | undefined; decided: boolean };

// Of a state, modulo the states of a digit.
const FIRST_PART = 1;
const LAST_PART = 0;
const DIGIT_COUNT = 10;
/** Frames before a digit in which other speech speaks against it; in nearer ones it may itself be unheard yet. */
const BEFORE = { from: 32, to: 10 } as const;
const KEPT_OTHERS = 128;
const NOWHERE: Token = { score: -Infinity, start: 0, sums: new Float64Array(DIGIT_COUNT), past: undefined };

/**
 * How sure a digit is: its mean probability, less what other speech before it costs.
 *
 * @param decoded From a decoder.
 * @param settings.otherCost So much times the probability of other speech.
 */
export const sureness = (decoded: DecodedDigit, settings: { otherCost: number }): number =>
  decoded.probs[decoded.digit]! - settings.otherCost * decoded.other;

/**
 * Makes a decoder for one stream. Its memory does not grow with the stream.
 *
 * @param settings See {@link DecoderSettings}.
 * @param nDigits How many digits the stream holds, >= 1; on a stream too short for them fewer are found. Default: any number.
 */
export function createDigitDecoder(settings: DecoderSettings, nDigits?: number): DigitDecoder {
  return new TokenDecoder(settings, nDigits);
}

class TokenDecoder implements DigitDecoder {
  readonly #settings: DecoderSettings;
  readonly #nDigits: number | undefined;
  // By the count of digits entered, where it matters, and by state, the best path there; state 0 is none.
  #tokens: Token[][];
  #sums = new Float64Array(DIGIT_COUNT);
  #nFrames = 0;
  // Other speech less digits in the newest frames, by frame modulo their number.
  readonly #others = new Float64Array(KEPT_OTHERS);

  constructor(settings: DecoderSettings, nDigits: number | undefined) {
    this.#settings = settings;
    this.#nDigits = nDigits;
    this.#tokens = Array.from({ length: 1 + (nDigits ?? 0) }, () =>
      new Array<Token>(STATE_COUNT).fill(NOWHERE),
    );
    this.#tokens[0]![0] = { ...NOWHERE, score: 0 };
  }

  push(logProbs: Float32Array): DecodedDigit[] {
    const outside = this.#tokens.map((tokens) => this.#bestOutside(tokens));
    const [silence, other] = [Math.exp(logProbs[0]!), Math.exp(logProbs[OTHER_SPEECH]!)];
    const digits = 1 - silence - other;
    this.#others[this.#nFrames % KEPT_OTHERS] = other - digits;
    this.#tokens = this.#tokens.map((tokens, count) => {
      const from = this.#nDigits === undefined ? outside[0] : outside[count - 1];
      return this.#advance(tokens, { logProbs, outside: outside[count]!, from });
    });
    this.#nFrames++;
    this.#addProbs(logProbs);
    this.#rescale();
    return this.#decide(this.#settings.lookahead);
  }

  open(): DecodedDigit[] {
    const digits: DecodedDigit[] = [];
    for (let past = this.#best().past; past && !past.decided; past = past.before) {
      digits.unshift({ ...past.digit, other: this.#otherBefore(past.digit) });
    }
    return digits;
  }

  end(): DecodedDigit[] {
    // A digit that the stream ends in ends there.
    const outside = this.#tokens.map((tokens) => this.#bestOutside(tokens));
    const whole = this.#nDigits === undefined ? outside[0]! : outside[this.#nDigits]!;
    const last = whole.score > -Infinity ? whole : outside.reduce(betterOf);
    this.#tokens = [[last]];
    return this.#decide(0);
  }

  /** One frame further: the tokens of one count. `from` enters digits. */
  #advance(
    earlier: readonly Token[],
    { logProbs, outside, from }: { logProbs: Float32Array; outside: Token; from: Token | undefined },
  ): Token[] {
    const { digitBias, endBias, digitPenalty, otherPenalty } = this.#settings;
    const none = noneLogProb(logProbs, otherPenalty);
    const entering = from
      ? { ...from, score: from.score - digitPenalty, start: this.#nFrames, sums: this.#sums }
      : NOWHERE;
    return earlier.map((token, state) => {
      if (state === 0) return moved(outside, none);
      const part = state % STATES_PER_DIGIT;
      const best = betterOf(token, part === FIRST_PART ? entering : earlier[state - 1]!);
      return moved(best, logProbs[state]! + (part === LAST_PART ? endBias : digitBias));
    });
  }

  /** The best path that is in no digit when the next frame comes: it was in none, or leaves one. */
  #bestOutside(tokens: readonly Token[]): Token {
    const { minFrames } = this.#settings;
    let best = tokens[0]!;
    let digit = -1;
    for (let state = STATES_PER_DIGIT; state < tokens.length; state += STATES_PER_DIGIT) {
      const token = tokens[state]!;
      if (token.score > best.score && this.#nFrames - token.start >= minFrames) {
        best = token;
        digit = digitOfState(state);
      }
    }
    return digit < 0 ? best : { ...best, past: this.#withDigit(best, digit) };
  }

  #withDigit({ start, sums, past }: Token, digit: number): Past {
    const end = this.#nFrames;
    const probs = Array.from(sums, (sum, i) => (this.#sums[i]! - sum) / (end - start));
    return { digit: { digit, start, end, probs, other: 0 }, before: past, decided: false };
  }

  #addProbs(logProbs: Float32Array): void {
    const sums = this.#sums.slice();
    for (let state = FIRST_PART; state < STATE_COUNT; state++) {
      sums[digitOfState(state)]! += Math.exp(logProbs[state]!);
    }
    this.#sums = sums;
  }

  #rescale(): void {
    const best = this.#best().score;
    for (const tokens of this.#tokens) for (const token of tokens) if (token !== NOWHERE) token.score -= best;
  }

  #best(): Token {
    let best = NOWHERE;
    for (const tokens of this.#tokens) for (const token of tokens) best = betterOf(best, token);
    return best;
  }

  /** Decides on digits behind the best path, the oldest first: those that ended long enough ago or that all paths share. */
  #decide(lookahead: number): DecodedDigit[] {
    const decided: DecodedDigit[] = [];
    for (;;) {
      const oldest = oldestOf(this.#best().past);
      if (!oldest) return decided;
      const isDue = this.#nFrames - oldest.digit.end >= lookahead;
      if (!isDue && !this.#isShared(oldest)) return decided;
      // A path on which another digit stands there, or none, is given up.
      this.#tokens = this.#tokens.map((tokens) =>
        tokens.map((token) => (oldestOf(token.past) === oldest ? token : NOWHERE)),
      );
      oldest.decided = true;
      oldest.before = undefined;
      decided.push({ ...oldest.digit, other: this.#otherBefore(oldest.digit) });
    }
  }

  #otherBefore({ start }: DecodedDigit): number {
    let sum = 0;
    for (let frame = start - BEFORE.from; frame < start - BEFORE.to; frame++) {
      if (frame >= 0 && this.#nFrames - frame <= KEPT_OTHERS) sum += this.#others[frame % KEPT_OTHERS]!;
    }
    return Math.max(0, sum / (BEFORE.from - BEFORE.to));
  }

  #isShared(oldest: Past): boolean {
    const least = -this.#settings.beam;
    return this.#tokens.every((tokens) =>
      tokens.every(({ score, past }) => score <= least || oldestOf(past) === oldest),
    );
  }
}

const betterOf = (a: Token, b: Token): Token => (b.score > a.score ? b : a);

function moved(token: Token, score: number): Token {
  if (token === NOWHERE) return NOWHERE;
  return { score: token.score + score, start: token.start, sums: token.sums, past: token.past };
}

/** The first digit that is not decided on yet. */
function oldestOf(past: Past | undefined): Past | undefined {
  if (!past || past.decided) return undefined;
  let oldest = past;
  while (oldest.before && !oldest.before.decided) oldest = oldest.before;
  return oldest;
}
