// Which settings of a way of listening cost least: tried on the frames of recordings by speakers that choose.

import type { Decoding, Expectation } from "../live/decoding.ts";
import type { StreamFrame } from "../live/frame-stream.ts";
import { createListener } from "../live/listener.ts";
import { countStringErrors } from "./string-errors.ts";

/** A recording as a net hears it. */
export type HeardRecording = {
  /** What is counted together: a set, a corpus. Each counts as much as another. */
  group: string;
  /** The digits said; empty where none is. */
  digits: string;
  seconds: number;
  frames: readonly StreamFrame[];
};

/** What settings come to. */
export type ListeningResult = {
  decoding: Decoding;
  /** Share of digits that are wrong, missed or too many, in percent, by group. */
  errors: Record<string, number>;
  /** False digits an hour where no digit is said, by group. */
  falsePerHour: Record<string, number>;
  /** The mean of the errors, and what false digits add. */
  cost: number;
};

/** What false digits cost. */
export type FalseDigitCost = {
  /** So many an hour in the mean over the groups of speech are free. */
  freePerHour: number;
  /** Each further one an hour costs as many percent of errors. */
  perHour: number;
};

/**
 * Tries settings.
 *
 * @param recordings With digits and without.
 * @param options.expect The way of listening.
 * @param options.candidates Settings of all ways; those of the one in question are used.
 * @param options.falseDigits See {@link FalseDigitCost}.
 * @returns The least costly first.
 */
export function rankListening(
  recordings: readonly HeardRecording[],
  options: { expect: Expectation; candidates: readonly Decoding[]; falseDigits: FalseDigitCost },
): ListeningResult[] {
  const { expect, candidates, falseDigits } = options;
  return candidates
    .map((decoding) => measure(recordings, { expect, decoding, falseDigits }))
    .sort((a, b) => a.cost - b.cost);
}

/**
 * The digits that a way of listening finds.
 *
 * @param frames Of a whole recording, up to its end.
 * @param decoding Settings.
 * @param expect The way.
 */
export function digitsHeard(frames: readonly StreamFrame[], decoding: Decoding, expect: Expectation): string {
  const listener = createListener(decoding, { expect, threshold: decoding[expect].threshold });
  const firm = frames.flatMap((frame) => listener.push(frame).firm);
  return [...firm, ...listener.end().firm].map(({ digit }) => digit).join("");
}

type Sums = { errors: number; spoken: number; heard: number; seconds: number };

function measure(
  recordings: readonly HeardRecording[],
  { expect, decoding, falseDigits }: { expect: Expectation; decoding: Decoding; falseDigits: FalseDigitCost },
): ListeningResult {
  const groups = new Map<string, Sums>();
  for (const { group, digits, seconds, frames } of recordings) {
    const sums = groups.get(group) ?? { errors: 0, spoken: 0, heard: 0, seconds: 0 };
    const heard = digitsHeard(frames, decoding, expect);
    const { substitutions, deletions, insertions } = countStringErrors(digits, heard);
    groups.set(group, {
      errors: sums.errors + substitutions + deletions + insertions,
      spoken: sums.spoken + digits.length,
      heard: sums.heard + heard.length,
      seconds: sums.seconds + seconds,
    });
  }
  const withDigits = [...groups].filter(([, { spoken }]) => spoken > 0);
  const without = [...groups].filter(([, { spoken }]) => spoken === 0);
  const errors = withDigits.map(([name, sums]) => [name, (100 * sums.errors) / sums.spoken] as const);
  const rates = without.map(([name, sums]) => [name, (3600 * sums.heard) / sums.seconds] as const);
  const tooMany = Math.max(0, meanOf(rates) - falseDigits.freePerHour);
  return {
    decoding,
    errors: Object.fromEntries(errors),
    falsePerHour: Object.fromEntries(rates),
    cost: meanOf(errors) + falseDigits.perHour * tooMany,
  };
}

const meanOf = (entries: readonly (readonly [string, number])[]) =>
  entries.length === 0 ? 0 : entries.reduce((sum, [, value]) => sum + value, 0) / entries.length;
