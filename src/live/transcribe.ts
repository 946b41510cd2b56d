// The digits of a whole recording: the string, each digit, how sure the string is, and what else it might be.

import { InvalidArgumentError } from "../errors.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { Decoding } from "./decoding.ts";
import { parseNumberLength, stringConfidence } from "./decoding.ts";
import type { DigitEvent, LiveDigitEvent } from "./digit-event.ts";
import type { StreamFrame } from "./frame-stream.ts";
import { FIRST_FRAME_START, SILENT_ROW } from "./frame-stream.ts";
import type { ScoredString } from "./n-best.ts";
import { bestStrings } from "./n-best.ts";
import type { ListeningOptions } from "./recognizer.ts";
import { createWatchedRecognizer } from "./recognizer.ts";
import type { StreamModel } from "./stream-model.ts";
import { FRAME_MS } from "./stream-net.ts";

/** Settings of {@link transcribe}. */
export type TranscribeOptions = ListeningOptions & {
  /** Of the samples, in Hz: a whole number, 1..768000. */
  sampleRate: number;
  /** How many strings to list, the best one with them, 1..20. Default: 1. */
  alternatives?: number;
  /** Called after each second of audio with how much is done and how much there is; waited for. What it throws ends it. */
  onProgress?: (doneMs: number, totalMs: number) => unknown;
};

/** The digits of a recording. */
export type Transcript = {
  /** In the order they were spoken, for example `0451`; empty where there is none. */
  digits: string;
  /** Probability that the string is right as a whole, 0..1. */
  confidence: number;
  /** Each digit: when, how sure, and what else it might be. */
  events: DigitEvent[];
  /** The likeliest strings: `digits` first, the others with their shares of the probability that it is wrong. */
  alternatives: { digits: string; confidence: number }[];
};

const MAX_ALTERNATIVES = 20;
/** Of numbers among other speech, only what is so near to a digit of one can have been another string. */
const NEAR_MS = 500;

/**
 * Hears the digits of a whole recording, just as a recognizer does that is fed the recording as a stream.
 *
 * @param model See {@link StreamModel}.
 * @param samples Mono, nominally -1..1, finite, any length.
 * @param options See {@link TranscribeOptions}.
 * @returns See {@link Transcript}.
 * @throws {InvalidArgumentError} An option is out of range.
 * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite; `audio-damaged`: it is beyond 1e9.
 */
export async function transcribe(
  model: StreamModel,
  samples: Float32Array,
  options: TranscribeOptions,
): Promise<Transcript> {
  const { alternatives = 1, expect = "any", length } = options;
  if (!Number.isInteger(alternatives) || alternatives < 1 || alternatives > MAX_ALTERNATIVES) {
    throw new InvalidArgumentError(
      `transcribe: alternatives must be 1 to ${MAX_ALTERNATIVES}, got ${alternatives}`,
    );
  }
  const { events, frames } = await hearAll(model, samples, options);
  const { decoding } = model.info;
  const nDigits =
    length === undefined || expect === "numbers" ? undefined : parseNumberLength(length).nDigits;
  const rows = expect === "numbers" ? rowsNear(events, frames) : frames.map(({ logProbs }) => logProbs);
  const strings = bestStrings(rows, decoding[expect], { count: alternatives + 1, nDigits });
  return { ...rated(strings, { events, decoding, alternatives }), events };
}

async function hearAll(model: StreamModel, samples: Float32Array, options: TranscribeOptions) {
  const { sampleRate, onProgress } = options;
  const frames: StreamFrame[] = [];
  const onFrames = (more: readonly StreamFrame[]) => {
    for (const frame of more) frames.push(frame);
  };
  const recognizer = createWatchedRecognizer(model, { ...options, tentative: false }, { onFrames });
  const events: DigitEvent[] = [];
  const totalMs = (1000 * samples.length) / sampleRate;
  for (let start = 0; start < samples.length; start += sampleRate) {
    events.push(...(await recognizer.push(samples.subarray(start, start + sampleRate))).map(withoutStatus));
    await onProgress?.(Math.min(totalMs, (1000 * (start + sampleRate)) / sampleRate), totalMs);
  }
  events.push(...(await recognizer.end()).map(withoutStatus));
  return { events, frames };
}

const withoutStatus = ({ id, status, ...event }: LiveDigitEvent): DigitEvent => event;

/** The frames' rows; those far from every digit say none. */
function rowsNear(events: readonly DigitEvent[], frames: readonly StreamFrame[]): Float32Array[] {
  let next = 0;
  return frames.map(({ logProbs }, i) => {
    const ms = i * FRAME_MS + (1000 * FIRST_FRAME_START) / SAMPLE_RATE;
    while (next < events.length && events[next]!.endMs + NEAR_MS < ms) next++;
    const event = events[next];
    return event && event.startMs - NEAR_MS <= ms ? logProbs : SILENT_ROW;
  });
}

type Rating = { events: readonly DigitEvent[]; decoding: Decoding; alternatives: number };

function rated(strings: readonly ScoredString[], { events, decoding, alternatives }: Rating) {
  const digits = events.map(({ digit }) => digit).join("");
  const own = strings.find((string) => string.digits === digits);
  const others = strings.filter((string) => string !== own).slice(0, Math.max(1, alternatives - 1));
  const margin = own ? Math.max(0, own.score - (others[0]?.score ?? -Infinity)) : 0;
  const confidences = events.map((event) => event.confidence);
  const confidence = stringConfidence(decoding.stringConfidence, { margin, confidences });
  const weights = others.map(({ score }) => Math.exp(score - others[0]!.score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rest = others.map((other, i) => ({
    digits: other.digits,
    confidence: ((1 - confidence) * weights[i]!) / total,
  }));
  return { digits, confidence, alternatives: [{ digits, confidence }, ...rest].slice(0, alternatives) };
}
