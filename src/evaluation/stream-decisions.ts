// How digits are found in the answers of a stream net, and from which confidence on they count: chosen on held-out speakers
// that are not reported on.

import type { DecodedDigit, DecoderSettings } from "../live/digit-decoder.ts";
import { createDigitDecoder } from "../live/digit-decoder.ts";
import { describeDigit } from "../live/digit-reporter.ts";
import { FIRST_FRAME_START, FRAMES_PER_RUN } from "../live/frame-stream.ts";
import { STATE_HOP } from "../live/stream-net.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { countStringErrors } from "./string-errors.ts";
import { delaysOf, digitsOf, quantileOf, type ToldDigit } from "./test-stream-errors.ts";
import type { SpokenDigit } from "./test-streams.ts";

/** What the net answered to a stream, and what was said in it. */
export type AnsweredStream = {
  /** Its condition. */
  group: string;
  /** The digits said; none for a stream without a digit. */
  spoken: readonly SpokenDigit[];
  seconds: number;
  /** The net's output for each frame. */
  frames: readonly Float32Array[];
};

/** Settings under trial. */
type Decisions = { threshold: number; decoding: DecoderSettings };

/** How good settings are. */
export type DecisionScore = Decisions & {
  /** Share of errors in the digits said, by condition. */
  digitErrorRates: Record<string, number>;
  /** Digits heard in an hour of streams without a digit, by condition. */
  falsePerHour: Record<string, number>;
  /** Audio time from the end of a digit until it is told, in which 95 of 100 are, by condition. */
  delayMs: Record<string, number>;
  /** What is to be small: the mean share of errors in per cent, and a hundredth of the mean of false digits an hour. */
  cost: number;
};

/** 95 of 100 digits are to be told within this time in every condition. */
export const LONGEST_DELAY_MS = 350;

const FALSE_DIGITS_WORTH_A_PER_CENT = 100;

/**
 * Tries settings: every threshold with every way of decoding.
 *
 * @param streams What the net answered.
 * @param tried.decodings Ways of decoding, at least one.
 * @param tried.thresholds Thresholds, at least one.
 * @returns All of them, the best first; those that tell digits later than {@link LONGEST_DELAY_MS} come last.
 */
export function rankDecisions(
  streams: readonly AnsweredStream[],
  tried: { decodings: readonly DecoderSettings[]; thresholds: readonly number[] },
): DecisionScore[] {
  return tried.decodings
    .flatMap((decoding) => {
      const told = streams.map((stream) => decodeStream(stream, decoding));
      return tried.thresholds.map((threshold) => scoreDecisions(streams, told, { threshold, decoding }));
    })
    .sort((a, b) => Number(isLate(a)) - Number(isLate(b)) || a.cost - b.cost);
}

const isLate = ({ delayMs }: DecisionScore) => Object.values(delayMs).some((ms) => ms > LONGEST_DELAY_MS);

/** The digits of a stream as they would have been told while it ran. */
function decodeStream({ frames, seconds }: AnsweredStream, decoding: DecoderSettings): ToldDigit[] {
  const decoder = createDigitDecoder(decoding);
  const told = frames.flatMap((frame, i) => {
    // Frames come by runs of the net, each with the last sample that it needs.
    const samples = (Math.floor(i / FRAMES_PER_RUN) + 1) * FRAMES_PER_RUN * STATE_HOP;
    return decoder.push(frame).map((digit) => toTold(digit, Math.min(samples / SAMPLE_RATE, seconds)));
  });
  return [...told, ...decoder.end().map((digit) => toTold(digit, seconds))];
}

function toTold(digit: DecodedDigit, toldSeconds: number): ToldDigit {
  const toMs = (frame: number) => (1000 * (frame * STATE_HOP + FIRST_FRAME_START)) / SAMPLE_RATE;
  return { ...describeDigit(digit, toMs), toldMs: 1000 * toldSeconds };
}

type Sums = { errors: number; spoken: number; heard: number; seconds: number; delaysMs: number[] };

function scoreDecisions(
  streams: readonly AnsweredStream[],
  told: readonly (readonly ToldDigit[])[],
  decisions: Decisions,
): DecisionScore {
  const sums = new Map<string, Sums>();
  streams.forEach(({ group, spoken, seconds }, i) => {
    const sum = sums.get(group) ?? { errors: 0, spoken: 0, heard: 0, seconds: 0, delaysMs: [] };
    const sure = told[i]!.filter(({ confidence }) => confidence >= decisions.threshold);
    const errors = countStringErrors(digitsOf(spoken), digitsOf(sure));
    sum.errors += errors.substitutions + errors.deletions + errors.insertions;
    sum.spoken += spoken.length;
    sum.heard += sure.length;
    sum.seconds += seconds;
    sum.delaysMs.push(...delaysOf(spoken, sure));
    sums.set(group, sum);
  });
  const withDigits = [...sums].filter(([, { spoken }]) => spoken > 0);
  const without = [...sums].filter(([, { spoken }]) => spoken === 0);
  const digitErrorRates = Object.fromEntries(
    withDigits.map(([name, { errors, spoken }]) => [name, errors / spoken]),
  );
  const delayMs = Object.fromEntries(
    withDigits.map(([name, { delaysMs }]) => [
      name,
      quantileOf(
        delaysMs.sort((a, b) => a - b),
        0.95,
      ) ?? 0,
    ]),
  );
  const falsePerHour = Object.fromEntries(
    without.map(([name, { heard, seconds }]) => [name, (3600 * heard) / seconds]),
  );
  const cost = 100 * mean(digitErrorRates) + mean(falsePerHour) / FALSE_DIGITS_WORTH_A_PER_CENT;
  return { ...decisions, digitErrorRates, falsePerHour, delayMs, cost };
}

function mean(values: Record<string, number>): number {
  const all = Object.values(values);
  return all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
}
