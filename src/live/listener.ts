// Frames to digits in each way of listening: which are firm, which are taken back, which may still become either; and what is
// told of them: each digit is mentioned when it first shows, and again when it is decided on.

import type { Decoding, Expectation } from "./decoding.ts";
import { createDigitDecoder, type DecodedDigit, sureness } from "./digit-decoder.ts";
import type { DigitEvent, LiveDigitEvent } from "./digit-event.ts";
import type { StreamFrame } from "./frame-stream.ts";
import { createNumberTracker, type NumberDecisions } from "./number-tracker.ts";

/** How to listen. */
export type ListenerOptions = {
  /** What is expected in the sound. */
  expect: Expectation;
  /** Least confidence of a digit, 0..1. */
  threshold: number;
  /** Digits of a number. Default: any. */
  nDigits?: number;
};

/** What a frame led to. */
export type Heard = NumberDecisions & {
  /** Digits that are not decided on, in their order. */
  open: readonly DecodedDigit[];
};

/** Finds digits in one stream. */
export type Listener = {
  /** @param frame The next one. */
  push(frame: StreamFrame): Heard;
  /** The stream is over. */
  end(): Heard;
};

/**
 * Makes a listener for one stream.
 *
 * @param decoding The model's settings.
 * @param options See {@link ListenerOptions}.
 */
export function createListener(decoding: Decoding, options: ListenerOptions): Listener {
  return options.expect === "numbers" ? numberListener(decoding, options) : digitListener(decoding, options);
}

function digitListener(decoding: Decoding, { expect, threshold, nDigits }: ListenerOptions): Listener {
  const settings = expect === "any" ? decoding.any : decoding.digits;
  const decoder = createDigitDecoder(settings, nDigits);
  const isSure = (digit: DecodedDigit) => sureness(digit, settings) >= threshold;
  const heard = (digits: readonly DecodedDigit[]): Heard => ({
    firm: digits.filter(isSure),
    withdrawn: digits.filter((digit) => !isSure(digit)),
    open: decoder.open().filter(isSure),
  });
  return { push: ({ logProbs }) => heard(decoder.push(logProbs)), end: () => heard(decoder.end()) };
}

function numberListener(decoding: Decoding, { threshold, nDigits }: ListenerOptions): Listener {
  const decoder = createDigitDecoder(decoding.numbers);
  const tracker = createNumberTracker({ ...decoding.numbers, threshold }, nDigits);
  const isSure = (digit: DecodedDigit) => sureness(digit, decoding.numbers) >= threshold;
  return {
    push({ logProbs, levelDb }) {
      const decisions = tracker.push(levelDb, decoder.push(logProbs));
      return { ...decisions, open: [...tracker.waiting(), ...decoder.open().filter(isSure)] };
    },
    end: () => ({ ...tracker.end(decoder.end()), open: [] }),
  };
}

/** Makes events of one stream. */
export type DigitReporter = {
  /** @param heard At one frame. @returns What is new: withdrawn digits first, then firm, then tentative ones. */
  report(heard: Heard): LiveDigitEvent[];
};

/** How {@link createDigitReporter} reports. */
export type DigitReporterOptions = {
  /** Whether to mention digits that are not decided on. */
  tentative: boolean;
  /** Time of a frame's beginning, in ms. */
  toMs: (frame: number) => number;
};

type Mentioned = { id: number; digit: DecodedDigit };

/** While paths compete, the beginning of a digit moves by some frames. */
const SAME_START = 4;
const N_RIVALS = 2;

/** Makes a reporter for one stream. @param options See {@link DigitReporterOptions}. */
export function createDigitReporter({ tentative, toMs }: DigitReporterOptions): DigitReporter {
  let mentioned: Mentioned[] = [];
  let nextId = 0;
  const take = (digit: DecodedDigit): Mentioned | undefined => {
    const found = mentioned.find((other) => isSame(other.digit, digit));
    mentioned = mentioned.filter((other) => other !== found);
    return found;
  };
  const event = (id: number, status: LiveDigitEvent["status"], digit: DecodedDigit): LiveDigitEvent => ({
    id,
    status,
    ...describeDigit(digit, toMs),
  });
  return {
    report({ firm, open }) {
      const made = firm.map((digit) => event(take(digit)?.id ?? nextId++, "firm", digit));
      if (!tentative) return made.filter(isInStream);
      const kept = open.map((digit) => ({ digit, known: take(digit) }));
      // What is left was on the best path and is no more.
      const gone = mentioned.map(({ id, digit }) => event(id, "withdrawn", digit));
      const shown: LiveDigitEvent[] = [];
      mentioned = kept.map(({ digit, known }) => {
        if (known) return { id: known.id, digit };
        shown.push(event(nextId, "tentative", digit));
        return { id: nextId++, digit };
      });
      return [...gone, ...made, ...shown].filter(isInStream);
    },
  };
}

/**
 * A digit as an event tells it.
 *
 * @param decoded.digit Which, 0..9.
 * @param decoded.start First frame.
 * @param decoded.end End, exclusive.
 * @param decoded.probs Probability of each digit.
 * @param toMs Time of a frame's beginning, in ms.
 */
export function describeDigit(
  { digit, start, end, probs }: DecodedDigit,
  toMs: (frame: number) => number,
): DigitEvent {
  const rivals = probs
    .map((confidence, other) => ({ digit: other, confidence }))
    .filter((other) => other.digit !== digit)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, N_RIVALS);
  return { digit, confidence: probs[digit]!, rivals, startMs: toMs(start), endMs: toMs(end) };
}

const isSame = (a: DecodedDigit, b: DecodedDigit) =>
  a.digit === b.digit && Math.abs(a.start - b.start) <= SAME_START;

/** False of a digit that lies in the silence assumed before the stream: its times are cut to the stream, and no length is left. */
const isInStream = ({ startMs, endMs }: DigitEvent) => endMs > startMs;
