// Numbers among other speech: a model on top of the digit decoder in which beginning a number costs and each further digit
// is cheap, so that digit-like syllables, which come one by one, are no numbers. A digit alone between silences is one.

import type { NumberSettings } from "./decoding.ts";
import { type DecodedDigit, sureness } from "./digit-decoder.ts";
import { FRAME_MS } from "./stream-net.ts";

/** What became of digits. */
export type NumberDecisions = {
  /** Digits of numbers. */
  firm: DecodedDigit[];
  /** Digits that belong to none. */
  withdrawn: DecodedDigit[];
};

/** Decides which digits of one stream are digits of numbers. */
export type NumberTracker = {
  /**
   * Takes in the next frame.
   *
   * @param levelDb Its level.
   * @param digits Digits decided on by it, in their order.
   */
  push(levelDb: number, digits: readonly DecodedDigit[]): NumberDecisions;
  /** Digits that are not decided on yet, in their order. */
  waiting(): readonly DecodedDigit[];
  /** The stream is over. @param digits Digits that were still open. */
  end(digits: readonly DecodedDigit[]): NumberDecisions;
};

/** Digits that belong together. */
type Run = {
  /** Those that are not decided on. */
  waiting: DecodedDigit[];
  lastEnd: number;
  /** What its digits are worth together. */
  worth: number;
  isNumber: boolean;
  /** Whether it was decided if its first digit stands alone. */
  isAsked: boolean;
};

/** A digit may go on for so long after a pause before it is decided on, in frames. */
const LONGEST_DIGIT = 40;
/** Frames at a digit's edges that may belong to it: a consonant before its first state, what rings on after its last. */
const EDGES = { least: 1, most: 6 } as const;
/** By so much longer are the pauses in a number that is known to be incomplete. */
const KNOWN_LENGTH_PATIENCE = 1.5;
const KEPT_LEVELS = 256;
const SILENCE_DB = -120;

/**
 * Makes a tracker for one stream. Its memory does not grow with the stream.
 *
 * @param settings See {@link NumberSettings}.
 * @param nDigits How long a number is; it is then decided on once it is over. Default: any length.
 */
export function createNumberTracker(settings: NumberSettings, nDigits?: number): NumberTracker {
  return new RunTracker(settings, nDigits);
}

class RunTracker implements NumberTracker {
  readonly #settings: NumberSettings;
  readonly #nDigits: number | undefined;
  readonly #maxGap: number;
  readonly #quietFrames: number;
  readonly #levels = new Float64Array(KEPT_LEVELS).fill(SILENCE_DB);
  #nFrames = 0;
  #run: Run | undefined;

  constructor(settings: NumberSettings, nDigits: number | undefined) {
    this.#settings = settings;
    this.#nDigits = nDigits;
    this.#maxGap = ((nDigits === undefined ? 1 : KNOWN_LENGTH_PATIENCE) * settings.maxGapMs) / FRAME_MS;
    this.#quietFrames = Math.round(settings.aloneQuietMs / FRAME_MS);
  }

  push(levelDb: number, digits: readonly DecodedDigit[]): NumberDecisions {
    this.#levels[this.#nFrames % KEPT_LEVELS] = levelDb;
    this.#nFrames++;
    const decisions: NumberDecisions = { firm: [], withdrawn: [] };
    for (const digit of digits) this.#take(digit, decisions);
    this.#askWhetherAlone(decisions);
    const run = this.#run;
    if (run && this.#nFrames - run.lastEnd > this.#maxGap + LONGEST_DIGIT) this.#close(decisions);
    return decisions;
  }

  waiting(): readonly DecodedDigit[] {
    return this.#run?.waiting ?? [];
  }

  end(digits: readonly DecodedDigit[]): NumberDecisions {
    const decisions: NumberDecisions = { firm: [], withdrawn: [] };
    for (const digit of digits) this.#take(digit, decisions);
    // What follows the end is silence.
    for (let frame = 0; frame <= this.#quietFrames + EDGES.most; frame++) {
      this.#levels[this.#nFrames % KEPT_LEVELS] = SILENCE_DB;
      this.#nFrames++;
      this.#askWhetherAlone(decisions);
    }
    this.#close(decisions);
    return decisions;
  }

  #take(digit: DecodedDigit, decisions: NumberDecisions): void {
    const confidence = sureness(digit, this.#settings);
    if (confidence < this.#settings.threshold) {
      decisions.withdrawn.push(digit);
      return;
    }
    if (this.#run && digit.start - this.#run.lastEnd > this.#maxGap) this.#close(decisions);
    this.#run ??= { waiting: [], lastEnd: digit.end, worth: 0, isNumber: false, isAsked: false };
    const run = this.#run;
    if (!run.isNumber && run.worth < 0) this.#giveUp(run, decisions);
    run.waiting.push(digit);
    run.lastEnd = digit.end;
    run.worth += confidence - this.#settings.digitCost;
    run.isNumber ||= run.worth > this.#settings.entryCost;
    if (run.isNumber && this.#nDigits === undefined) this.#emit(run, decisions);
  }

  #emit(run: Run, { firm }: NumberDecisions): void {
    firm.push(...run.waiting.splice(0));
  }

  #giveUp(run: Run, { withdrawn }: NumberDecisions): void {
    withdrawn.push(...run.waiting.splice(0));
    run.worth = 0;
    run.isAsked = false;
  }

  #close(decisions: NumberDecisions): void {
    const run = this.#run;
    this.#run = undefined;
    if (!run) return;
    const fits = this.#nDigits === undefined || run.waiting.length === this.#nDigits;
    if (run.isNumber && fits) this.#emit(run, decisions);
    else this.#giveUp(run, decisions);
  }

  /** A number of one digit, once the time after it, or after what rings on, has been quiet for long enough. */
  #askWhetherAlone(decisions: NumberDecisions): void {
    const run = this.#run;
    const [digit] = run?.waiting ?? [];
    if (!run || !digit || run.isNumber || run.isAsked || run.waiting.length > 1) return;
    const edge = this.#nFrames - this.#quietFrames - digit.end;
    if (edge < EDGES.least) return;
    run.isNumber = this.#isAlone(digit);
    run.isAsked = run.isNumber || edge >= EDGES.most;
    if (run.isNumber && this.#nDigits === undefined) this.#emit(run, decisions);
  }

  #isAlone({ digit, start, end, probs }: DecodedDigit): boolean {
    const { aloneConfidence, aloneContrastDb } = this.#settings;
    if (probs[digit]! < aloneConfidence) return false;
    const quietest = this.#loudest(start, end) - aloneContrastDb;
    if (this.#loudest(this.#nFrames - this.#quietFrames, this.#nFrames) > quietest) return false;
    for (let edge = EDGES.least; edge <= EDGES.most; edge++) {
      if (this.#loudest(start - edge - this.#quietFrames, start - edge) <= quietest) return true;
    }
    return false;
  }

  #loudest(from: number, to: number): number {
    let most = SILENCE_DB;
    const first = Math.max(from, 0, this.#nFrames - KEPT_LEVELS);
    for (let i = first; i < to; i++) most = Math.max(most, this.#levels[i % KEPT_LEVELS]!);
    return most;
  }
}
