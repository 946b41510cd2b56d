import type { ErrorCode } from "../../errors.ts";
import { plainMessage, SpokenDigitsError } from "../../errors.ts";
import { DIGIT_WORDS } from "../../model/prediction.ts";
import type { Label, Utterance } from "../engine/utterance.ts";
import { digitsOf, isUnsure, meant } from "./number-text.ts";
import type { Notice } from "./page-state.ts";

/** A digit as a word. @param digit 0..9. */
export function wordFor(digit: number): string {
  return DIGIT_WORDS[digit]!;
}

/** A share as it is written in the page, for example `99.3 %`. @param share 0..1. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 99.95 ? 100 : value.toFixed(value < 99 && value >= 10 ? 0 : 1)} %`;
}

/** A time as clocks show it, for example `1:05`. @param ms Milliseconds. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A label as a word: a digit's, or that there is none. @param label See {@link Label}. */
export function labelWord(label: Label): string {
  return label === "none" ? "no digit" : wordFor(label);
}

/** Digits as they are read out one by one, for example `1 6 6 0`. @param digits In a row. */
export function spelled(digits: string): string {
  return [...digits].join(" ");
}

/** The answer in one line, and what to know of it in the next. @param said What was said. */
export function describe(said: Utterance): { headline: string; text: string } {
  const [only] = said.digits;
  if (said.digits.length > 1) return describeNumber(said);
  if (!only) return { headline: "No digit heard", text: "" };
  const digit = meant(only);
  if (only.label !== undefined) {
    return {
      headline: capital(labelWord(only.label)),
      text: `You said so. Heard: ${labelWord(only.digit ?? "none")}.`,
    };
  }
  if (digit !== null) return { headline: capital(wordFor(digit)), text: `${percent(only.confidence)} sure` };
  return { headline: "No digit heard", text: reason(said) };
}

// Another string that is less likely is not spoken of.
const WORTH_SAYING = 0.2;

function describeNumber(said: Utterance): { headline: string; text: string } {
  const count = digitsOf(said).length;
  const unsure = said.digits.filter(isUnsure).length;
  const headline = count === 1 ? "One digit" : `${count} digits`;
  if (unsure === 0) return { headline, text: "All clear." };
  const which = unsure === 1 ? "One is not clear" : `${unsure} are not clear`;
  const [other] = said.alternatives;
  const perhaps = other && other.confidence >= WORTH_SAYING ? ` Perhaps ${other.digits}.` : "";
  return { headline, text: `${which}: see what is underlined.${perhaps}` };
}

function reason({ none, prediction }: Utterance): string {
  if (none === "silence") return "There is nothing but silence.";
  if (none !== "uncertain" || !prediction) return "Nothing here sounds like a digit from zero to nine.";
  return `It might be ${wordFor(prediction.topDigit)}, but it is not clear enough to say.`;
}

/** The answer for a screen reader: digits one by one. @param said What was said. */
export function spoken(said: Utterance): string {
  const { headline, text } = describe(said);
  if (said.digits.length > 1) return `${spelled(digitsOf(said))}. ${headline}. ${text}`;
  return `${headline}. ${text}`;
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

const NOTICES: Partial<Record<ErrorCode, Notice>> = {
  "audio-empty": { title: "That file is empty", text: "Record it again, or choose another one." },
  "audio-unrecognised": {
    title: "That is not a sound file",
    text: "Choose a recording: WAV, MP3, M4A, Ogg, FLAC, WebM or AIFF.",
  },
  "audio-unsupported": {
    title: "That kind of sound file cannot be read here",
    text: "Save it as WAV, MP3, M4A, Ogg or FLAC and try again.",
  },
  "audio-truncated": {
    title: "That file ends too early",
    text: "It was probably not copied or downloaded to its end. Get it again, whole.",
  },
  "audio-damaged": { title: "That file is damaged", text: "Get it again, or save it anew." },
  "audio-no-samples": { title: "There is no sound in it", text: "Record again, a little longer." },
  "audio-too-long": {
    title: "That recording is too long",
    text: "Ten minutes is the most. Cut out the part with the number.",
  },
  "microphone-denied": {
    title: "The microphone is blocked",
    text: "Allow it for this page: press the symbol beside the address, then try again. A file works without it.",
  },
  "microphone-not-found": {
    title: "No microphone found",
    text: "Plug one in or switch it on, then try again. A file works without one.",
  },
  "microphone-in-use": {
    title: "Another program is using the microphone",
    text: "Close the call or the recorder that has it, then try again.",
  },
  "microphone-insecure-context": {
    title: "The microphone needs a secure address",
    text: "Browsers lend it only to pages opened over https or from localhost. A file works here as well.",
  },
  "microphone-unsupported": {
    title: "This browser cannot listen",
    text: "Use a current Chrome, Edge, Firefox or Safari, or open a recording instead.",
  },
  "voice-takes": {
    title: "Your voice could not be learnt",
    text: "None of the takes could be used. Try again where it is quiet.",
  },
  "voice-format": {
    title: "That is no voice profile",
    text: "Choose a file that was saved here, or written by `spoken-digits teach`.",
  },
  "model-format": {
    title: "The model could not be loaded",
    text: "Is there a network? Else reload the page; if it stays so, the site was not uploaded whole.",
  },
};

/** What to tell the reader of a failure. @param error What was thrown. */
export function noticeFor(error: unknown): Notice {
  const detail = plainMessage(error instanceof Error ? error.message : String(error));
  const known = error instanceof SpokenDigitsError ? NOTICES[error.code] : undefined;
  return { ...(known ?? { title: "That did not work", text: "Try again, or reload the page." }), detail };
}
