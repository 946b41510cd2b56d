// How well digits are heard in streams whose digits are known: errors by edit distance, and how long after its end a digit
// is told.

import type { DigitEvent } from "../live/digit-event.ts";
import { createRecognizer } from "../live/recognizer.ts";
import type { StreamModel } from "../live/stream-model.ts";
import type { StringErrors } from "./string-errors.ts";
import { countStringErrors } from "./string-errors.ts";
import type { SpokenDigit, TestStream } from "./test-streams.ts";

/** What was heard in streams. */
export type StreamErrors = StringErrors & {
  streams: number;
  /** Digits spoken. */
  digits: number;
  /** Sum of the errors over the digits spoken. */
  digitErrorRate: number;
  /** Share of the streams without an error. */
  stringAccuracy: number;
  /** Audio time from the end of a digit until it is told, rising, for each digit heard rightly. */
  delaysMs: number[];
};

/** A digit and when it was told, in ms of audio since the stream began. */
export type ToldDigit = DigitEvent & { toldMs: number };

const SAMPLE_RATE = 8000;
const CHUNK_MS = 10;

/**
 * Feeds a stream to a recognizer in chunks of 10 ms, as a microphone would.
 *
 * @param model See `createRecognizer`.
 * @param samples Mono, 8 kHz.
 * @param options.threshold Default: the model's own.
 * @returns What it tells, and when.
 */
export async function listen(
  model: StreamModel,
  samples: Float32Array,
  options: { threshold?: number } = {},
): Promise<ToldDigit[]> {
  const recognizer = createRecognizer(model, { sampleRate: SAMPLE_RATE, ...options });
  const length = (CHUNK_MS * SAMPLE_RATE) / 1000;
  const told: ToldDigit[] = [];
  const keep = (events: readonly DigitEvent[], end: number) => {
    const toldMs = (1000 * Math.min(end, samples.length)) / SAMPLE_RATE;
    for (const event of events) told.push({ ...event, toldMs });
  };
  for (let start = 0; start < samples.length; start += length) {
    keep(await recognizer.push(samples.subarray(start, start + length)), start + length);
  }
  keep(await recognizer.end(), samples.length);
  return told;
}

/**
 * Compares what was told with what was spoken.
 *
 * @param streams Each stream with what was told of it.
 */
export function measureStreamErrors(
  streams: readonly { stream: Pick<TestStream, "digits">; told: readonly ToldDigit[] }[],
): StreamErrors {
  const errors = streams.map(({ stream, told }) =>
    countStringErrors(digitsOf(stream.digits), digitsOf(told)),
  );
  const total = (name: keyof StringErrors) => errors.reduce((sum, counts) => sum + counts[name], 0);
  const [substitutions, deletions, insertions] = [
    total("substitutions"),
    total("deletions"),
    total("insertions"),
  ];
  const digits = streams.reduce((sum, { stream }) => sum + stream.digits.length, 0);
  const right = errors.filter((counts) => counts.substitutions + counts.deletions + counts.insertions === 0);
  return {
    streams: streams.length,
    digits,
    substitutions,
    deletions,
    insertions,
    digitErrorRate: (substitutions + deletions + insertions) / digits,
    stringAccuracy: right.length / streams.length,
    delaysMs: streams.flatMap(({ stream, told }) => delaysOf(stream.digits, told)).sort((a, b) => a - b),
  };
}

/**
 * A quantile of sorted numbers.
 *
 * @param sorted Rising.
 * @param share 0..1.
 * @returns Undefined where there are no numbers.
 */
export function quantileOf(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** The digits as a string, in their order. */
export const digitsOf = (digits: readonly { digit: number }[]) => digits.map(({ digit }) => digit).join("");

/**
 * How late digits were told.
 *
 * @param spoken The digits of a stream.
 * @param told What was told of it.
 * @returns Milliseconds of audio since its end, for each digit told rightly, that is, of a spoken one whose middle it covers.
 */
export function delaysOf(spoken: readonly SpokenDigit[], told: readonly ToldDigit[]): number[] {
  return spoken.flatMap(({ digit, startMs, endMs }) => {
    const middle = (startMs + endMs) / 2;
    const match = told.find(
      (event) => event.digit === digit && event.startMs <= middle && middle <= event.endMs,
    );
    return match ? [match.toldMs - endMs] : [];
  });
}
