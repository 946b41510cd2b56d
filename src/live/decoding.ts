// The ways of listening: what is expected in the sound, and how digits are then found in what the net outputs.

import { InvalidArgumentError } from "../errors.ts";
import type { DecoderSettings } from "./digit-decoder.ts";

/** What is expected: digits and nothing else, numbers among anything else, or anything, where every single digit counts. */
export type Expectation = "digits" | "numbers" | "any";

/** All of them. */
export const EXPECTATIONS: readonly Expectation[] = ["digits", "numbers", "any"];

/** How digits are found. */
export type ListeningSettings = DecoderSettings & {
  /** Least confidence of a digit, 0..1, less what other speech costs that it stands in. */
  threshold: number;
  /** What that is: so much times the other speech in the second before it, >= 0. */
  otherCost: number;
};

/** How digits are taken for numbers. Digits that belong together are a run; digits of other speech come one by one. */
export type NumberSettings = ListeningSettings & {
  /** A digit is worth its confidence, less what other speech costs, less this. */
  digitCost: number;
  /** A run is a number once the worth of its digits has passed this. */
  entryCost: number;
  /** Time between two digits of a run at most, in ms. */
  maxGapMs: number;
  /** A single digit is a number too where it is quiet for so long before and after it, in ms, */
  aloneQuietMs: number;
  /** by so many dB below its loudest frame, */
  aloneContrastDb: number;
  /** and it is at least this confident. */
  aloneConfidence: number;
};

/**
 * From a string's margin to the probability that it is right: sigmoid(offset + margin x the margin of its score over the next
 * best string's, at most MAX_MARGIN, + confidence x the sum of the logarithms of its digits' confidences).
 */
export type StringCalibration = { offset: number; margin: number; confidence: number };

/** Every setting of all ways of listening, as a model file keeps them. */
export type Decoding = {
  any: ListeningSettings;
  digits: ListeningSettings;
  numbers: NumberSettings;
  stringConfidence: StringCalibration;
};

/** How long a number is: the digits of its groups, which are only written apart. */
export type NumberLength = { nDigits: number; groups: readonly number[] };

const MAX_DIGITS = 32;
/** Margins count up to here. */
export const MAX_MARGIN = 20;

/**
 * Reads the length of a number.
 *
 * @param text Groups of digits, for example `4`, `10` or `3-3-4`; or a number.
 * @throws {InvalidArgumentError} It is something else, or there are more than 32 digits.
 */
export function parseNumberLength(text: string | number): NumberLength {
  const groups = /^\d{1,2}(-\d{1,2})*$/.test(String(text)) ? String(text).split("-").map(Number) : [];
  const nDigits = groups.reduce((sum, group) => sum + group, 0);
  if (nDigits >= 1 && nDigits <= MAX_DIGITS && !groups.includes(0)) return { nDigits, groups };
  throw new InvalidArgumentError(
    `length must be 1 to ${MAX_DIGITS} digits, in groups or not, such as 4, 10 or 3-3-4, got ${text}`,
  );
}

/**
 * Checks what is expected.
 *
 * @param expect `digits`, `numbers` or `any`.
 * @throws {InvalidArgumentError} It is something else.
 */
export function checkExpectation(expect: unknown): Expectation {
  if (EXPECTATIONS.includes(expect as Expectation)) return expect as Expectation;
  throw new InvalidArgumentError(`expect must be ${EXPECTATIONS.join(", ")}, got ${JSON.stringify(expect)}`);
}

/**
 * Probability that a string is right as a whole.
 *
 * @param calibration See {@link StringCalibration}.
 * @param options.margin Of its score over the next best string's, >= 0; Infinity where there is none.
 * @param options.confidences Of its digits.
 * @returns 0..1.
 */
export function stringConfidence(
  calibration: StringCalibration,
  { margin, confidences }: { margin: number; confidences: readonly number[] },
): number {
  const logs = confidences.reduce((sum, confidence) => sum + Math.log(Math.max(confidence, 1e-6)), 0);
  const { offset, margin: perMargin, confidence } = calibration;
  const logit = offset + perMargin * Math.min(margin, MAX_MARGIN) + confidence * logs;
  return 1 / (1 + Math.exp(-logit));
}
