// `spoken-digits/client`: a service from programs in Node.js and pages in browsers.

export * from "../errors.ts";
export type { Expectation } from "../live/decoding.ts";
export type { DigitEvent, LiveDigitEvent } from "../live/digit-event.ts";
export type { Transcript } from "../live/transcribe.ts";
export type { NoneReason } from "../model/prediction.ts";
export type { ClassifyAnswer, ClassifyEntry, TranscribeAnswer, TranscribeEntry } from "./answers.ts";
export type { AudioSource } from "./audio-source.ts";
export {
  type AudioFile,
  type ClassifyOptions,
  type Client,
  type ClientOptions,
  createClient,
  type TranscribeOptions,
} from "./client.ts";
export type { LiveOptions } from "./live-connection.ts";
