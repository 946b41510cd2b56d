import type { NoneReason, Prediction } from "../../model/prediction.ts";
import type { VoiceProfile } from "../../model/voice-profile.ts";

/** What a place in a sound is said to be: a digit, or none of them. */
export type Label = number | "none";

/** Another digit that it might have been, and how likely that is, 0..1. */
export type Rival = { digit: number; confidence: number };

/** One digit of an utterance, or the one place where no digit was heard. */
export type SpokenDigit = {
  /** 0-9, or null where none was heard. */
  digit: number | null;
  /** Where it begins, in ms since the sound began. */
  startMs: number;
  /** Where it ends, > startMs. */
  endMs: number;
  /** How sure the model is, 0..1. */
  confidence: number;
  /** The likeliest others first; empty where they are not known yet. */
  rivals: readonly Rival[];
  /** What the reader says it was, once they have said so. */
  label?: Label;
  /** Live: by which what is said of it later is known to be of it. */
  id?: number;
  /** Live: true until it is certain that it stays. */
  tentative?: boolean;
};

/** What was said in one sound: a single digit, a number, or nothing that is a digit. */
export type Utterance = {
  /** In the order they were said. A clip without a digit has one place, whose digit is null; a stream may have none. */
  digits: readonly SpokenDigit[];
  /** Other strings that a number might be, the likeliest first, with their probabilities. */
  alternatives: readonly { digits: string; confidence: number }[];
  /** Why there is no digit, else null. */
  none: NoneReason | null;
  /** What the classifier says, where it was asked about one digit. */
  prediction: Prediction | null;
  /** From samples to result, in ms. */
  ms: number;
  /** True where the model that hears numbers was not there yet: a second look may hear more. */
  provisional: boolean;
};

/** How to listen. */
export type ListeningOptions = {
  /** What is said: anything, numbers among other speech, or digits and nothing else. */
  expect: "any" | "numbers" | "digits";
  /** How many digits a number has (`4`) or in which groups (`3-3-4`), where that is known. */
  length: string | null;
  /** Who speaks, where they have taught their voice. */
  voice: VoiceProfile | null;
};
