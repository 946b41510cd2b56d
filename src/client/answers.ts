import type { SpokenDigitsError } from "../errors.ts";
import type { Transcript } from "../live/transcribe.ts";
import type { NoneReason } from "../model/prediction.ts";

/** The answer to one recording. */
export type ClassifyAnswer = {
  /** The digit spoken, 0..9, or null where `none` says why not. */
  digit: number | null;
  /** Probability of the most likely digit, 0..1. */
  confidence: number;
  /** Why `digit` is null, else null. */
  none: NoneReason | null;
  /** The digits in a row where several are spoken (`none` is then `several-digits`), else null. */
  string: string | null;
  /** Probabilities of the ten digits; with `noneProb` they sum to 1. */
  probs: number[];
  /** Probability that it is no digit, 0..1. */
  noneProb: number;
  /** The likeliest digits, as many as the option `top` asks for; missing without it. */
  top?: { digit: number; confidence: number }[];
  /** Time that the service took to classify, without decoding, in ms. */
  ms: number;
};

/** What one of several recordings came to. */
export type ClassifyEntry = ClassifyAnswer | { error: SpokenDigitsError };

/** The digits of one recording. */
export type TranscribeAnswer = Transcript & {
  /** Length of the recording. */
  durationMs: number;
  /** Time that the service took to decode and to hear it. */
  ms: number;
};

/** What one of several recordings came to. */
export type TranscribeEntry = TranscribeAnswer | { error: SpokenDigitsError };
