// Frames to digits in each way of listening: which are firm, which are taken back, which may still become either.

import type { Decoding, Expectation } from "./decoding.ts";
import { createDigitDecoder, type DecodedDigit, sureness } from "./digit-decoder.ts";
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
