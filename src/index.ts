// The public surface for Node. What runs in the browser too takes the ONNX runtime as an argument: `createClassifier`.

export type { AudioClip } from "./audio/audio-clip.ts";
export { decodeAudio } from "./audio/decode-audio.ts";
export { denoise } from "./audio/denoise.ts";
export { encodeWav } from "./audio/encode-wav.ts";
export { createResampler, type ResampleOptions, type Resampler, resample } from "./audio/resample.ts";
export { trimSilence } from "./audio/trim-silence.ts";
export * from "./errors.ts";
export type { Expectation } from "./live/decoding.ts";
export type { DigitEvent, LiveDigitEvent } from "./live/digit-event.ts";
export { type LoadStreamModelOptions, loadStreamModel } from "./live/load-stream-model.ts";
export {
  createRecognizer,
  type ListeningOptions,
  type Recognizer,
  type RecognizerOptions,
} from "./live/recognizer.ts";
export { hearSingleDigit } from "./live/single-digit.ts";
export {
  createStreamModel,
  type StreamModel,
  type StreamModelInfo,
  type StreamModelOptions,
} from "./live/stream-model.ts";
export { type TranscribeOptions, type Transcript, transcribe } from "./live/transcribe.ts";
export { type Classifier, type ClassifierOptions, createClassifier } from "./model/classifier.ts";
export { type LoadClassifierOptions, loadClassifier } from "./model/load-classifier.ts";
export { SAMPLE_RATE } from "./model/log-mel.ts";
export type { ModelInfo } from "./model/model-metadata.ts";
export type { NoneReason, Prediction } from "./model/prediction.ts";
