// Errors in streams whose digits are known: by edit distance, and how long after its end a digit is emitted.

import type { DigitEvent } from "../live/digit-event.ts";
import { createRecognizer } from "../live/recognizer.ts";
import type { StreamModel } from "../live/stream-model.ts";
import type { ClipStream, SpokenDigit } from "./clip-streams.ts";
import { stringFigures } from "./report.ts";
import type { StringErrors } from "./string-errors.ts";

/** Errors of the digits emitted in streams. */
export type StreamErrors = StringErrors & {
  streams: number;
  /** Digits spoken. */
  digits: number;
  /** Sum of the errors over the digits spoken. */
  digitErrorRate: number;
  /** Share of the streams without an error. */
  stringAccuracy: number;
  /** Audio time from the end of a digit until it is emitted, rising, for each that is right. */
  delaysMs: number[];
};

/** A digit and when it was emitted, in ms of audio since the stream began. */
export type EmittedDigit = DigitEvent & { emittedMs: number };

const SAMPLE_RATE = 8000;
const CHUNK_MS = 10;

/**
 * Feeds a stream to a recognizer in chunks of 10 ms, as a microphone would.
 *
 * @param model See `createRecognizer`.
 * @param samples Mono, 8 kHz.
 * @param options.threshold Default: the model's own.
 * @returns Its events, and when each came.
 */
export async function listen(
  model: StreamModel,
  samples: Float32Array,
  options: { threshold?: number } = {},
): Promise<EmittedDigit[]> {
  const recognizer = createRecognizer(model, { sampleRate: SAMPLE_RATE, ...options });
  const length = (CHUNK_MS * SAMPLE_RATE) / 1000;
  const emitted: EmittedDigit[] = [];
  const keep = (events: readonly DigitEvent[], end: number) => {
    const emittedMs = (1000 * Math.min(end, samples.length)) / SAMPLE_RATE;
    for (const event of events) emitted.push({ ...event, emittedMs });
  };
  for (let start = 0; start < samples.length; start += length) {
    keep(await recognizer.push(samples.subarray(start, start + length)), start + length);
  }
  keep(await recognizer.end(), samples.length);
  return emitted;
}

/** Compares what was emitted with what was spoken. @param streams Each stream with what was emitted of it. */
export function measureStreamErrors(
  streams: readonly { stream: Pick<ClipStream, "digits">; emitted: readonly EmittedDigit[] }[],
): StreamErrors {
  const rows = streams.map(({ stream, emitted }) => ({
    digits: digitsOf(stream.digits),
    heard: digitsOf(emitted),
  }));
  const { n, nDigits, digitErrorRate, stringAccuracy, ...errors } = stringFigures(rows);
  return {
    streams: n,
    digits: nDigits,
    substitutions: errors.substitutions,
    deletions: errors.deletions,
    insertions: errors.insertions,
    digitErrorRate: digitErrorRate ?? 0,
    stringAccuracy: stringAccuracy ?? 0,
    delaysMs: streams
      .flatMap(({ stream, emitted }) => delaysOf(stream.digits, emitted))
      .sort((a, b) => a - b),
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
 * How late digits were emitted.
 *
 * @param spoken The digits of a stream.
 * @param emitted What was emitted of it.
 * @returns Milliseconds of audio since its end, for each digit that is right, that is, of a spoken one whose middle it covers.
 */
export function delaysOf(spoken: readonly SpokenDigit[], emitted: readonly EmittedDigit[]): number[] {
  return spoken.flatMap(({ digit, startMs, endMs }) => {
    const middle = (startMs + endMs) / 2;
    const match = emitted.find(
      (event) => event.digit === digit && event.startMs <= middle && middle <= event.endMs,
    );
    return match ? [match.emittedMs - endMs] : [];
  });
}
