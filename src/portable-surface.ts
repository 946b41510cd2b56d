// What the package offers everywhere; `index.ts` adds what Node.js does in its own way, `browser/index.ts` what browsers do.

export type { AudioClip } from "./audio/audio-clip.ts";
export { type DecodeAudioOptions, decodeAudio } from "./audio/decode-audio.ts";
export { type DenoiseOptions, denoise } from "./audio/denoise.ts";
export { encodeWav } from "./audio/encode-wav.ts";
export { type PrepareOptions, type TrimOptions, trimSilence } from "./audio/prepare-recording.ts";
export { createResampler, type ResampleOptions, type Resampler, resample } from "./audio/resample.ts";
export * from "./errors.ts";
export type { OnnxRuntime } from "./graph/program.ts";
export type {
  Decoding,
  Expectation,
  ListeningSettings,
  NumberSettings,
  StringCalibration,
} from "./live/decoding.ts";
export type { DecoderSettings } from "./live/digit-decoder.ts";
export type { DigitEvent, LiveDigitEvent } from "./live/digit-event.ts";
export type { FrameStream, StreamFrame } from "./live/frame-stream.ts";
export {
  createRecognizer,
  type ListeningOptions,
  type Recognizer,
  type RecognizerOptions,
} from "./live/recognizer.ts";
export { hearSingleDigit } from "./live/single-digit.ts";
export type { StreamModelMetadata } from "./live/stream-metadata.ts";
export {
  createStreamModel,
  type StreamModel,
  type StreamModelInfo,
  type StreamModelOptions,
} from "./live/stream-model.ts";
export { type TranscribeOptions, type Transcript, transcribe } from "./live/transcribe.ts";
export type { ArchitectureName } from "./model/architectures.ts";
export {
  type Classifier,
  type ClassifierOptions,
  type ClassifyOptions,
  createClassifier,
  type Features,
} from "./model/classifier.ts";
export { SAMPLE_RATE } from "./model/log-mel.ts";
export type { SessionSettings } from "./model/model-file.ts";
export type { ModelInfo, ModelMetadata } from "./model/model-metadata.ts";
export {
  type NoneReason,
  OPERATING_POINT_NAMES,
  type OperatingPoint,
  type OperatingPointName,
  type OperatingPoints,
  type Prediction,
  type Spectrogram,
  type Threshold,
} from "./model/prediction.ts";
export type { TakeProblem } from "./model/take-problems.ts";
export {
  type LabelledTake,
  type TaughtVoice,
  type TeachVoiceOptions,
  teachVoice,
} from "./model/teach-voice.ts";
export {
  readVoiceProfile,
  type StreamVoice,
  type VoiceProfile,
  type VoiceTake,
  type WeightedPlace,
} from "./model/voice-profile.ts";
export type { AudioFile, BlobLike } from "./recordings/audio-file.ts";
export type { LoadClassifierOptions, LoadStreamModelOptions } from "./recordings/options.ts";
export type {
  ClassifyRecordingOptions,
  RecordingPrediction,
  TranscribeRecordingOptions,
} from "./recordings/recordings.ts";
