// What the processes that classify are asked, and what they answer.

import type { PrepareOptions } from "../audio/prepare-recording.ts";
import type { ErrorCode } from "../errors.ts";
import type { TranscribeOptions } from "../live/transcribe.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import type { Decision, Threshold } from "../model/prediction.ts";
import type { VoiceProfile } from "../model/voice-profile.ts";
import type { RecordingTranscript } from "../recordings/recordings.ts";

/** What a process is to run. */
export type WorkerSetup = {
  /** `compact`, `standard` or the path of a model file. */
  model: string;
  /** Least confidence for a digit, 0..1. Default: the model's own. */
  threshold?: Threshold;
  /** Longest recording accepted, in ms. Default: that of `decodeAudio`. */
  maxDurationMs?: number;
};

/** The recordings of one request. */
export type WorkerRequest = {
  recordings: readonly ArrayBuffer[];
  options: PrepareOptions;
  /** The speaker's own. Default: nobody's. */
  voice?: VoiceProfile;
  /** Hear all digits of each, with these settings, in place of classifying it. */
  transcribe?: TranscribeSettings;
};

/** How to listen, and how many strings to list. */
type TranscribeSettings = Pick<TranscribeOptions, "expect" | "length" | "threshold" | "alternatives">;

/** The answer to one recording, without the picture of what the net saw. */
export type Answer = Decision & {
  /** The digits in a row where several are spoken, else null. */
  string: string | null;
  /** Time to classify, in ms, without decoding. */
  ms: number;
};

/** The digits of one recording. */
export type TimedTranscript = RecordingTranscript & {
  /** Time to hear them, with decoding, in ms. */
  ms: number;
};

/** What one recording came to. */
export type Outcome =
  | { answer: Answer }
  | { transcript: TimedTranscript }
  | { error: { code: ErrorCode; message: string } };

/** The calls of a process that classifies: `load` first, then any number of requests, one after another. */
export type ClassifierCalls = {
  load: { payload: WorkerSetup; result: ModelInfo };
  /** One outcome for each recording, in order. */
  classify: { payload: WorkerRequest; result: Outcome[] };
};

/**
 * Settings of the runtime where one process hears recordings for months: its own store of memory keeps what the longest of
 * them took, and that of the system costs no more time.
 */
export const SERVICE_SESSION = { enableCpuMemArena: false } as const;

/** Time in which a process has to load its model, in ms. */
export const LOAD_TIMEOUT_MS = 60_000;

/** Time that a process may be at one call at least, in ms: to end one and start another takes a good part of it. */
const MIN_CALL_MS = 5000;

/**
 * Time after which a process is ended that is at one call. An answer that is late costs no process: it is given up, and the
 * process leaves it after the recording that it is at.
 *
 * @param answerTimeoutMs Time in which clients have their answer.
 */
export function maxCallMs(answerTimeoutMs: number): number {
  return Math.max(MIN_CALL_MS, answerTimeoutMs);
}
