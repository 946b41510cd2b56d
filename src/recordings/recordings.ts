// From a recording to what is said in it, the one way that library, command line and service take. Node.js and browsers differ
// in how a model is found and in whether there are paths.

import { decodeAudio } from "../audio/decode-audio.ts";
import { type PrepareOptions, prepareRecording, trimSilence } from "../audio/prepare-recording.ts";
import type { ListeningOptions } from "../live/recognizer.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { type TranscribeOptions, type Transcript, transcribe } from "../live/transcribe.ts";
import type { Classifier } from "../model/classifier.ts";
import { loadOnce } from "../model/model-file.ts";
import type { Prediction } from "../model/prediction.ts";
import { type AudioFile, bytesOf, type ReadFile } from "./audio-file.ts";
import { checkOptions } from "./options.ts";

/** A prediction for a whole recording. */
export type RecordingPrediction = Prediction & {
  /** The digits in a row where several are spoken (`none` is then `several-digits`), else null. */
  string: string | null;
};

/** Settings of `classifyRecording`. */
export type ClassifyRecordingOptions = PrepareOptions & {
  /** As loaded by `loadClassifier`. Default: `compact`, which is loaded at the first call and kept. */
  classifier?: Classifier;
  /**
   * Hears whether several digits are spoken, as loaded by `loadStreamModel`; null: nobody does. Default: the one that
   * ships, which is loaded for the first recording that is longer than a digit, and kept.
   */
  streamModel?: StreamModel | null;
  /** Longest recording accepted, in ms, > 0. Default: 600,000 (ten minutes). */
  maxDurationMs?: number;
  /** Whether the spectrogram that the net saw comes along. Default: false. */
  logMel?: boolean;
};

/** Settings of `transcribeRecording`. */
export type TranscribeRecordingOptions = ListeningOptions & {
  /** As loaded by `loadStreamModel`. Default: the one that ships, which is loaded at the first call and kept. */
  streamModel?: StreamModel;
  /** How many strings to list, the best one with them, 1..20. Default: 1. */
  alternatives?: number;
  /** Longest recording accepted, in ms, > 0. Default: 600,000 (ten minutes). */
  maxDurationMs?: number;
};

/** How the bytes of a recording are classified. */
type ClassifyBytesOptions = Omit<ClassifyRecordingOptions, "classifier" | "streamModel"> & {
  /** Gives the model that says whether a recording longer than a digit holds several. Default: nobody is asked. */
  loadStreamModel?: () => Promise<StreamModel>;
};

/** How the bytes of a recording are transcribed. */
type TranscribeBytesOptions = Omit<TranscribeRecordingOptions, "streamModel"> &
  Pick<TranscribeOptions, "onProgress">;

/** What differs between Node.js and browsers. */
export type RecordingPlatform = {
  /** Loads `compact`. */
  loadClassifier(): Promise<Classifier>;
  /** Loads the stream model that ships. */
  loadStreamModel(): Promise<StreamModel>;
  /** Reads a file by its path. Default: there are no paths. */
  readFile?: ReadFile;
};

/** Whole recordings in, what is said in them out. */
export type Recordings = {
  /**
   * Says which digit is spoken in a recording.
   *
   * @param file A whole audio file of any format that `decodeAudio` reads.
   * @param options See {@link ClassifyRecordingOptions}.
   * @returns The same that the command line and the service say: `digit`, or null and in `none` why.
   * @throws {InvalidArgumentError} An argument is of the wrong kind or out of range.
   * @throws {FileError} The recording, or a model, cannot be read.
   * @throws {AudioFormatError} The recording cannot be used; its code says why.
   */
  classifyRecording(file: AudioFile, options?: ClassifyRecordingOptions): Promise<RecordingPrediction>;
  /**
   * Says which digits are spoken in a recording, one after another.
   *
   * @param file A whole audio file of any format that `decodeAudio` reads.
   * @param options See {@link TranscribeRecordingOptions}.
   * @throws As `classifyRecording`.
   */
  transcribeRecording(file: AudioFile, options?: TranscribeRecordingOptions): Promise<Transcript>;
};

/**
 * Makes the two calls for a platform. Models are loaded when they are first needed and kept.
 *
 * @param platform See {@link RecordingPlatform}.
 */
export function createRecordings(platform: RecordingPlatform): Recordings {
  const shippedClassifier = loadOnce(() => platform.loadClassifier());
  const shippedStreamModel = loadOnce(() => platform.loadStreamModel());
  return {
    async classifyRecording(file, options = {}) {
      checkOptions("classifyRecording", options, CLASSIFY_OPTIONS);
      const { classifier, streamModel, ...settings } = options;
      const bytes = await bytesOf(file, platform.readFile);
      const model = classifier ?? (await shippedClassifier());
      if (streamModel === null) return classifyBytes(model, bytes, settings);
      const loadStreamModel = async () => streamModel ?? (await shippedStreamModel());
      return classifyBytes(model, bytes, { ...settings, loadStreamModel });
    },
    async transcribeRecording(file, options = {}) {
      checkOptions("transcribeRecording", options, TRANSCRIBE_OPTIONS);
      const { streamModel, ...settings } = options;
      const bytes = await bytesOf(file, platform.readFile);
      const model = streamModel ?? (await shippedStreamModel());
      const { durationMs: _, ...transcript } = await transcribeBytes(model, bytes, settings);
      return transcript;
    },
  };
}

/**
 * Decodes, prepares and classifies a recording. Where it holds several digits, none of them is the prediction.
 *
 * @param classifier Predicts.
 * @param bytes A whole audio file of any format that `decodeAudio` reads.
 * @param options Limits, what is done first, and who hears several digits.
 * @throws {AudioFormatError} The bytes are no audio that can be used; see `decodeAudio`.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export async function classifyBytes(
  classifier: Classifier,
  bytes: Uint8Array,
  options: ClassifyBytesOptions = {},
): Promise<RecordingPrediction> {
  const { maxDurationMs, logMel, loadStreamModel } = options;
  const { samples, sampleRate } = await decodeAudio(bytes, { maxDurationMs });
  const prepared = await prepareRecording(samples, { ...options, sampleRate });
  const prediction = await classifier.classify(prepared, { sampleRate, logMel });
  if (!loadStreamModel || !mayHoldSeveral(prepared, sampleRate)) return { ...prediction, string: null };
  const { digits: string } = await transcribe(await loadStreamModel(), prepared, { sampleRate });
  if (string.length < 2) return { ...prediction, string: null };
  return { ...prediction, digit: null, none: "several-digits", string };
}

/** Two digits said in one breath take longer than this, in ms. */
const LONGEST_SINGLE_MS = 1000;

function mayHoldSeveral(samples: Float32Array, sampleRate: number): boolean {
  const limit = (LONGEST_SINGLE_MS / 1000) * sampleRate;
  return samples.length > limit && trimSilence(samples, { sampleRate }).samples.length > limit;
}

/** A transcript, and how long the recording is. */
export type RecordingTranscript = Transcript & { durationMs: number };

/**
 * Decodes a recording and hears the digits in it.
 *
 * @param model Hears.
 * @param bytes A whole audio file of any format that `decodeAudio` reads.
 * @param options.maxDurationMs Longest recording accepted, > 0. Default: 600,000 (ten minutes). The others are those of `transcribe`.
 * @throws {AudioFormatError} The bytes are no audio that can be used; see `decodeAudio`.
 * @throws {InvalidArgumentError} An option is out of range.
 */
export async function transcribeBytes(
  model: StreamModel,
  bytes: Uint8Array,
  { maxDurationMs, ...listening }: TranscribeBytesOptions = {},
): Promise<RecordingTranscript> {
  // At the file's own rate, hours take gigabytes.
  const { sampleRate } = model.info;
  const { samples } = await decodeAudio(bytes, { maxDurationMs, sampleRate });
  const transcript = await transcribe(model, samples, { ...listening, sampleRate });
  return { ...transcript, durationMs: (1000 * samples.length) / sampleRate };
}

const CLASSIFY_OPTIONS = {
  trim: "boolean",
  denoise: "boolean",
  logMel: "boolean",
  maxDurationMs: "number",
  classifier: "object",
  streamModel: "object",
} as const;

const TRANSCRIBE_OPTIONS = {
  threshold: "number",
  maxDurationMs: "number",
  streamModel: "object",
  alternatives: "number",
  expect: "string",
  // A text or a number.
  length: "any",
} as const;
