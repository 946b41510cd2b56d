// How well settings of a way of listening do on recordings whose frames are known: the net runs once, the settings are many.

import type { Decoding, Expectation } from "../live/decoding.ts";
import type { DecodedDigit, DecoderSettings } from "../live/digit-decoder.ts";
import { createDigitDecoder } from "../live/digit-decoder.ts";
import type { StreamFrame } from "../live/frame-stream.ts";
import { bestStrings } from "../live/n-best.ts";
import { createNumberTracker } from "../live/number-tracker.ts";
import { countStringErrors } from "./string-errors.ts";

/** A recording after the net. */
export type ListenedRecording = {
  /** What it is counted with. */
  group: string;
  /** The digits said; none for speech without digits. */
  spoken: string;
  /** Whether nothing but digits is said. */
  isDigitsAlone: boolean;
  frames: readonly StreamFrame[];
  seconds: number;
};

/** What settings come to. */
export type ListeningFigures = {
  /** Substitutions, deletions and insertions over the digits said, 0 and above, by group. */
  digitErrorRates: Record<string, number>;
  /** Digits in an hour of recordings without one. */
  falsePerHour: number;
};

/** A string as it was found, and whether it is right: what a calibration learns from. */
export type StringOutcome = { margin: number; confidences: readonly number[]; isRight: boolean };

/**
 * Measures settings. Expecting digits, recordings with other words are left out; expecting numbers, those in which a single
 * digit is said among other words.
 *
 * @param recordings Of dev or test speakers.
 * @param expect The way of listening.
 * @param decoding Its settings.
 */
export function measureListening(
  recordings: readonly ListenedRecording[],
  expect: Expectation,
  decoding: Decoding,
): ListeningFigures {
  const sums = new Map<string, { errors: number; digits: number }>();
  const negatives = { heard: 0, seconds: 0 };
  for (const recording of recordings) {
    if (!isAbout(recording, expect)) continue;
    const { group, spoken, frames, seconds } = recording;
    const heard = hear(frames, expect, decoding)
      .map(({ digit }) => digit)
      .join("");
    if (spoken === "") {
      negatives.heard += heard.length;
      negatives.seconds += seconds;
      continue;
    }
    const { substitutions, deletions, insertions } = countStringErrors(spoken, heard);
    const sum = sums.get(group) ?? { errors: 0, digits: 0 };
    sum.errors += substitutions + deletions + insertions;
    sum.digits += spoken.length;
    sums.set(group, sum);
  }
  return {
    digitErrorRates: Object.fromEntries([...sums].map(([name, sum]) => [name, sum.errors / sum.digits])),
    falsePerHour: negatives.seconds === 0 ? 0 : (3600 * negatives.heard) / negatives.seconds,
  };
}

/**
 * The strings found in recordings of digits alone, expecting digits, with what tells whether they are right.
 *
 * @param recordings Of dev speakers.
 * @param decoding The settings.
 */
export function stringOutcomes(
  recordings: readonly ListenedRecording[],
  decoding: Decoding,
): StringOutcome[] {
  return recordings
    .filter(({ isDigitsAlone }) => isDigitsAlone)
    .map(({ frames, spoken }) => {
      const digits = hear(frames, "digits", decoding);
      const heard = digits.map(({ digit }) => digit).join("");
      const rows = frames.map(({ logProbs }) => logProbs);
      const strings = bestStrings(rows, decoding.digits, { count: 2 });
      const own = strings.find((string) => string.digits === heard);
      const other = strings.find((string) => string !== own);
      const margin = own ? Math.max(0, own.score - (other?.score ?? -Infinity)) : 0;
      return {
        margin,
        confidences: digits.map(({ digit, probs }) => probs[digit]!),
        isRight: heard === spoken,
      };
    });
}

function isAbout({ isDigitsAlone, spoken }: ListenedRecording, expect: Expectation): boolean {
  if (isDigitsAlone || expect === "any") return true;
  return expect === "numbers" && spoken.length !== 1;
}

function hear(frames: readonly StreamFrame[], expect: Expectation, decoding: Decoding): DecodedDigit[] {
  const settings = decoding[expect];
  const decided = decode(frames, settings);
  if (expect !== "numbers") {
    return decided.flat().filter(({ digit, probs }) => probs[digit]! >= settings.threshold);
  }
  const tracker = createNumberTracker(decoding.numbers);
  const firm = frames.flatMap(({ levelDb }, frame) => tracker.push(levelDb, decided[frame]!).firm);
  return [...firm, ...tracker.end(decided.at(-1)!).firm];
}

/** What a digit decoder decides on at each frame, and last at the end; kept, for many settings share it. */
function decode(frames: readonly StreamFrame[], settings: DecoderSettings): DecodedDigit[][] {
  const { digitBias, endBias, digitPenalty, minFrames, lookahead, beam } = settings;
  const key = [digitBias, endBias, digitPenalty, minFrames, lookahead, beam].join();
  const known = decodedBefore.get(frames) ?? new Map<string, DecodedDigit[][]>();
  decodedBefore.set(frames, known);
  const decoder = createDigitDecoder(settings);
  const decided = known.get(key) ?? [...frames.map(({ logProbs }) => decoder.push(logProbs)), decoder.end()];
  known.set(key, decided);
  return decided;
}

const decodedBefore = new WeakMap<readonly StreamFrame[], Map<string, DecodedDigit[][]>>();
