// One call from a recording to what is said in it: the same in Node.js and in browsers, which differ in how a model is
// found and in whether there are paths.

import { decodeAudio } from "../audio/decode-audio.ts";
import { checkOptions } from "../check-options.ts";
import type { ListeningOptions } from "../live/recognizer.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { type Transcript, transcribe } from "../live/transcribe.ts";
import type { Classifier } from "../model/classifier.ts";
import {
  classifyRecording,
  type HearString,
  type PrepareOptions,
  type RecordingPrediction,
} from "../model/recording-classifier.ts";
import { type AudioFile, bytesOf, type ReadFile } from "./audio-file.ts";

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
      const loadModel = async () => streamModel ?? (await shippedStreamModel());
      const hearString = streamModel === null ? undefined : createHearString(loadModel);
      return classifyRecording(classifier ?? (await shippedClassifier()), bytes, { ...settings, hearString });
    },
    async transcribeRecording(file, options = {}) {
      checkOptions("transcribeRecording", options, TRANSCRIBE_OPTIONS);
      const { streamModel, maxDurationMs, ...listening } = options;
      const bytes = await bytesOf(file, platform.readFile);
      const model = streamModel ?? (await shippedStreamModel());
      const { sampleRate } = model.info;
      const { samples } = await decodeAudio(bytes, { maxDurationMs, sampleRate });
      return transcribe(model, samples, { ...listening, sampleRate });
    },
  };
}

/**
 * Makes what hears whether a recording holds several digits.
 *
 * @param loadStreamModel Asked once there is such a recording.
 */
export function createHearString(loadStreamModel: () => Promise<StreamModel>): HearString {
  return async (samples, sampleRate) =>
    (await transcribe(await loadStreamModel(), samples, { sampleRate })).digits;
}

/**
 * Keeps what was loaded; after a failure the next call tries again.
 *
 * @param load Called at the first need.
 */
export function loadOnce<Model>(load: () => Promise<Model>): () => Promise<Model> {
  let loading: Promise<Model> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
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
