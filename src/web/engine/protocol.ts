import type { LiveDigitEvent } from "../../live/digit-event.ts";
import type { Prediction } from "../../model/prediction.ts";
import type { TakeProblem } from "../../model/take-problems.ts";
import type { VoiceProfile } from "../../model/voice-profile.ts";
import type { PackedError } from "../../workers/calls.ts";
import type { FileTake } from "./teaching.ts";
import type { ListeningOptions, Utterance } from "./utterance.ts";

/** What the page needs to know of the model. */
export type ModelSummary = {
  /** Of its file: which voice profiles belong to it. */
  checksum: string;
  threshold: number;
  parameterCount: number;
  /** Of the pictures of single digits, and of that of a stream. */
  axes: SpectrogramAxes;
  streamAxes: SpectrogramAxes;
};

/** The scales of a log-mel picture. */
export type SpectrogramAxes = {
  nMels: number;
  /** Edges of the mel bands, in Hz. */
  fMin: number;
  fMax: number;
  /** From one frame to the next, in ms. */
  hopMs: number;
};

/** Sound to look at and listen to. */
export type Sound = {
  /** Loudest magnitude in each of equally long stretches, 0..1. */
  peaks: Float32Array;
  /** A WAV file of it. */
  wav: Blob;
};

/** A clip that the worker holds. */
export type OpenedClip = Sound & {
  clipId: number;
  durationMs: number;
  /** Hz. */
  sampleRate: number;
};

/** Part of a clip, in ms. */
export type Stretch = { startMs: number; endMs: number };

/** Which sound to classify. */
export type Selection = Stretch & { clipId: number; noiseReduction: boolean };

/** Which to classify, and whose voice it is. */
type ClassifySelection = { selection: Selection; voice: VoiceProfile | null };

/** Chunks of samples arrive on this port, at this rate in Hz. */
export type CaptureSource = { port: MessagePort; sampleRate: number };

/** The answer for a digit heard live. */
export type HeardDigit = Prediction & { digit: number };

/** The sound of a live session that has ended: its last ten minutes, which began `offsetMs` after the session did. */
export type LiveSound = { opened: OpenedClip; offsetMs: number };

/** What was said in a file that is not kept. */
export type FileResult = { utterance: Utterance; durationMs: number };

/** Requests by name: what goes in and what comes back. */
export type EngineCalls = {
  load: { payload: undefined; result: ModelSummary };
  loadNumbers: { payload: undefined; result: undefined };
  open: { payload: Uint8Array; result: OpenedClip };
  reduceNoise: { payload: number; result: Sound };
  findSpeech: { payload: number; result: Stretch };
  classify: { payload: ClassifySelection; result: Prediction };
  recognise: { payload: { selection: Selection; listeningOptions: ListeningOptions }; result: Utterance };
  recogniseFile: { payload: { bytes: Uint8Array; listeningOptions: ListeningOptions }; result: FileResult };
  excerpt: { payload: Selection; result: Blob };
  startRecording: { payload: CaptureSource; result: undefined };
  finishRecording: { payload: undefined; result: OpenedClip };
  startLive: { payload: { source: CaptureSource; listeningOptions: ListeningOptions }; result: undefined };
  cancel: { payload: undefined; result: undefined };
  /** A voice is taught by takes from the microphone: each is cut where the page says, and named. */
  startTeaching: { payload: CaptureSource; result: undefined };
  addTake: { payload: number; result: TakeProblem | null };
  finishTeaching: { payload: string; result: VoiceProfile };
  /** Or by files. */
  teach: { payload: { name: string; takes: readonly FileTake[] }; result: VoiceProfile };
  stopLive: { payload: undefined; result: LiveSound | null };
};

/** Name of a request. */
export type EngineCall = keyof EngineCalls;

/** What the worker says unasked. */
export type EngineEvent =
  /** So many bytes of what has to be loaded first are there. */
  | { kind: "loading"; loadedBytes: number; totalBytes: number }
  /** A long recording is being listened through. */
  | { kind: "progress"; doneMs: number; totalMs: number }
  /** Loudness of the last moment in dB of full scale, and how long the capture has run. */
  | { kind: "level"; levelDb: number; durationMs: number }
  /** New columns of the rolling spectrogram, each of nMels log-mel values. */
  | { kind: "columns"; columns: Float32Array }
  /** What has become of a digit in the capture. `endedAt`: when its end arrived, in ms since 1970. */
  | { kind: "digit"; event: LiveDigitEvent; prediction: HeardDigit | null; endedAt: number }
  /** Neither listening nor a recording goes on. */
  | { kind: "failure"; failure: PackedError };
