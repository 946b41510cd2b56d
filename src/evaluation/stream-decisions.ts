// How digits are found in the answers of a stream net, and from which confidence on they count: chosen on held-out speakers
// that are not reported on.

import type { DecodedDigit, DecoderSettings } from "../live/digit-decoder.ts";
import { createDigitDecoder } from "../live/digit-decoder.ts";
import { countStringErrors } from "./string-errors.ts";

/** What the net answered to a stream, and what was said in it. */
export type AnsweredStream = {
  /** Its condition. */
  group: string;
  /** The digits said; none for a stream without a digit. */
  spoken: string;
  seconds: number;
  /** The net's answer to each frame. */
  frames: readonly Float32Array[];
};

/** Settings under trial. */
export type Decisions = { threshold: number; decoding: DecoderSettings };

/** How good settings are. */
export type DecisionScore = Decisions & {
  /** Share of errors in the digits said, by condition. */
  digitErrorRates: Record<string, number>;
  /** Digits heard in an hour of streams without a digit, by condition. */
  falsePerHour: Record<string, number>;
  /** What is to be small: the mean share of errors in per cent, and a hundredth of the mean of false digits an hour. */
  cost: number;
};

const FALSE_DIGITS_WORTH_A_PER_CENT = 100;

/**
 * Tries settings: every threshold with every way of decoding.
 *
 * @param streams What the net answered.
 * @param tried.decodings Ways of decoding, at least one.
 * @param tried.thresholds Thresholds, at least one.
 * @returns All of them, the best first.
 */
export function rankDecisions(
  streams: readonly AnsweredStream[],
  tried: { decodings: readonly DecoderSettings[]; thresholds: readonly number[] },
): DecisionScore[] {
  return tried.decodings
    .flatMap((decoding) => {
      const found = streams.map(({ frames }) => decodeFrames(frames, decoding));
      return tried.thresholds.map((threshold) => scoreDecisions(streams, found, { threshold, decoding }));
    })
    .sort((a, b) => a.cost - b.cost);
}

function decodeFrames(frames: readonly Float32Array[], decoding: DecoderSettings): DecodedDigit[] {
  const decoder = createDigitDecoder(decoding);
  return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function scoreDecisions(
  streams: readonly AnsweredStream[],
  found: readonly (readonly DecodedDigit[])[],
  decisions: Decisions,
): DecisionScore {
  const sums = new Map<string, { errors: number; spoken: number; heard: number; seconds: number }>();
  streams.forEach(({ group, spoken, seconds }, i) => {
    const sum = sums.get(group) ?? { errors: 0, spoken: 0, heard: 0, seconds: 0 };
    const sure = found[i]!.filter(({ confidence }) => confidence >= decisions.threshold);
    const errors = countStringErrors(spoken, sure.map(({ digit }) => digit).join(""));
    sum.errors += errors.substitutions + errors.deletions + errors.insertions;
    sum.spoken += spoken.length;
    sum.heard += sure.length;
    sum.seconds += seconds;
    sums.set(group, sum);
  });
  const [withDigits, without] = [
    [...sums].filter(([, sum]) => sum.spoken > 0),
    [...sums].filter(([, sum]) => sum.spoken === 0),
  ];
  const digitErrorRates = Object.fromEntries(
    withDigits.map(([name, sum]) => [name, sum.errors / sum.spoken]),
  );
  const falsePerHour = Object.fromEntries(
    without.map(([name, sum]) => [name, (3600 * sum.heard) / sum.seconds]),
  );
  const cost = 100 * mean(digitErrorRates) + mean(falsePerHour) / FALSE_DIGITS_WORTH_A_PER_CENT;
  return { ...decisions, digitErrorRates, falsePerHour, cost };
}

function mean(values: Record<string, number>): number {
  const all = Object.values(values);
  return all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
}
