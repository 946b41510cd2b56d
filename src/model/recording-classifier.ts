// From the bytes of a recording to a prediction: the one way that library, command line, service and page take.

import { decodeAudio } from "../audio/decode-audio.ts";
import { trimSilence } from "../audio/trim-silence.ts";
import type { Classifier } from "./classifier.ts";
import type { Prediction } from "./prediction.ts";
import { type PrepareOptions, prepareRecording } from "./prepare-recording.ts";

export type { PrepareOptions };

/**
 * Hears all digits of a recording.
 *
 * @param samples Mono, nominally -1..1.
 * @param sampleRate Hz.
 * @returns The digits in a row, for example `451`; empty where there are none.
 */
export type HearString = (samples: Float32Array, sampleRate: number) => Promise<string>;

/** A prediction for a whole recording. */
export type RecordingPrediction = Prediction & {
  /** The digits in a row where several are spoken (`none` is then `several-digits`), else null. */
  string: string | null;
};

/** How a recording is classified. */
export type RecordingOptions = PrepareOptions & {
  /** Longest recording accepted, in ms, > 0. Default: that of `decodeAudio`. */
  maxDurationMs?: number;
  /** Whether the spectrogram that the net saw comes along. Default: false. */
  logMel?: boolean;
  /** Asked whether a recording longer than a digit holds several. Default: nobody is asked. */
  hearString?: HearString;
};

/**
 * Decodes, prepares and classifies a recording. Where it holds several digits, none of them is the prediction.
 *
 * @param classifier Predicts.
 * @param bytes A whole audio file of any format that `decodeAudio` reads.
 * @param options See {@link RecordingOptions}.
 * @throws {AudioFormatError} The bytes are no audio that can be used; see `decodeAudio`.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export async function classifyRecording(
  classifier: Classifier,
  bytes: Uint8Array,
  options: RecordingOptions = {},
): Promise<RecordingPrediction> {
  const { maxDurationMs, logMel, hearString } = options;
  const { samples, sampleRate } = await decodeAudio(bytes, { maxDurationMs });
  const prepared = await prepareRecording(samples, { ...options, sampleRate });
  const prediction = await classifier.classify(prepared, { sampleRate, logMel });
  if (!hearString || !mayHoldSeveral(prepared, sampleRate)) return { ...prediction, string: null };
  const string = await hearString(prepared, sampleRate);
  if (string.length < 2) return { ...prediction, string: null };
  return { ...prediction, digit: null, none: "several-digits", string };
}

/** Two digits said in one breath take longer than this, in ms. */
const LONGEST_SINGLE_MS = 1000;

function mayHoldSeveral(samples: Float32Array, sampleRate: number): boolean {
  const limit = (LONGEST_SINGLE_MS / 1000) * sampleRate;
  return samples.length > limit && trimSilence(samples, { sampleRate }).samples.length > limit;
}
