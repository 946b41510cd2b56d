// From the bytes of a recording to an answer: the one way that the command line and the service take.

import { decodeAudio } from "../audio/decode-audio.ts";
import { trimSilence } from "../audio/trim-silence.ts";
import type { Classifier } from "./classifier.ts";
import type { Prediction } from "./prediction.ts";

/** What is done to a recording before it is classified. */
export type PrepareOptions = {
  /** Whether silence is cut off both ends. Default: true. */
  trim?: boolean;
  /** Whether steady noise is reduced first. Default: false. */
  denoise?: boolean;
};

/**
 * Makes samples ready to classify.
 *
 * @param samples Mono, nominally -1..1, at least one.
 * @param options.sampleRate Hz.
 * @param options.trim Whether silence is cut off both ends. Default: true.
 * @param options.denoise Whether steady noise is reduced first. Default: false.
 * @returns Samples at the same rate, at least one.
 * @throws {InvalidArgumentError} The sample rate is out of range.
 */
export async function prepareRecording(
  samples: Float32Array,
  options: PrepareOptions & { sampleRate: number },
): Promise<Float32Array> {
  const { sampleRate, trim = true } = options;
  let prepared = samples;
  if (options.denoise) {
    const { denoise } = await import("../audio/denoise.ts");
    prepared = await denoise(prepared, { sampleRate });
  }
  if (!trim) return prepared;
  const trimmed = trimSilence(prepared, { sampleRate }).samples;
  // Of digital silence nothing is left; the classifier has a name for it.
  return trimmed.length > 0 ? trimmed : prepared;
}

/**
 * Decodes, prepares and classifies a recording.
 *
 * @param classifier Answers.
 * @param bytes A whole audio file of any format that `decodeAudio` reads.
 * @param options.trim Whether silence is cut off both ends. Default: true.
 * @param options.denoise Whether steady noise is reduced first. Default: false.
 * @param options.maxDurationMs Longest recording accepted, in ms, > 0. Default: that of `decodeAudio`.
 * @throws {AudioFormatError} The bytes are no audio that can be used; see `decodeAudio`.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export async function classifyRecording(
  classifier: Classifier,
  bytes: Uint8Array,
  options: PrepareOptions & { maxDurationMs?: number } = {},
): Promise<Prediction> {
  const { maxDurationMs } = options;
  const { samples, sampleRate } = await decodeAudio(bytes, { maxDurationMs });
  const prepared = await prepareRecording(samples, { ...options, sampleRate });
  return classifier.classify(prepared, { sampleRate });
}
