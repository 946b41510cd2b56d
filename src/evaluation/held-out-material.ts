// What a model is tried on: digits, other words and noise that are unseen in training by this package's recipes.

import type { CorpusFolders } from "../corpus/corpora.ts";
import { readFsdd } from "../corpus/fsdd.ts";
import { type NoiseRecording, readEsc10, splitNoise, toNoiseRecordings } from "../corpus/noise.ts";
import { readOtherSpeech, splitOtherSpeech } from "../corpus/other-speech.ts";
import type { Recording } from "../corpus/recording.ts";
import { readSpeechCommands, type SpeechCommandsCorpus } from "../corpus/speech-commands.ts";
import { speakerPart, splitWordsAndSpeakers } from "../corpus/speech-commands-split.ts";
import { officialSplit } from "../corpus/splits.ts";
import { CorpusError } from "../errors.ts";

/** The tests with digits, and what each is. */
export const DIGIT_TESTS = {
  "speech-commands-validation": "Speech Commands, the speakers of the official validation part",
  "speech-commands-testing": "Speech Commands, the speakers of the official testing part",
  "fsdd-official": "Free Spoken Digit Dataset, the official test part (takes 0-4)",
} as const;

/** The lists of speech without digits, and what each is. */
export const WORD_TESTS = {
  "unheard-words": "Speech Commands, words that training never hears, by any speaker",
  "unheard-words-and-voices": "the same words by speakers that training never hears either",
  "other-words": "Speech Commands, other words by speakers of the validation and testing parts",
  "other-speech": "letters, words and phrases of other corpora by speakers that training never hears",
} as const;

/** Name of a test with digits. */
export type DigitTestName = keyof typeof DIGIT_TESTS;

/** Name of a list of speech without digits. */
export type WordTestName = keyof typeof WORD_TESTS;

/** Recordings by the test they belong to. A test is left out where its corpus is not at hand or has none of it. */
export type HeldOutMaterial = {
  digits: Partial<Record<DigitTestName, Recording[]>>;
  words: Partial<Record<WordTestName, Recording[]>>;
  /** Recorded noise; may be none. */
  noises: NoiseRecording[];
};

/**
 * Lists what is held out, of each corpus that is at hand. Nothing is decoded.
 *
 * @param folders Of `locateCorpora`.
 * @returns Tests in the order of {@link DIGIT_TESTS} and {@link WORD_TESTS}; each has a recording.
 * @throws {CorpusError} `corpus-missing`: there are no digits; `corpus-format`: a file is not laid out as expected.
 * @throws {FileError} A folder cannot be read.
 */
export async function readHeldOutMaterial(folders: CorpusFolders): Promise<HeldOutMaterial> {
  const { fsdd, esc10, "speech-commands": speechCommands, "other-speech": otherSpeech } = folders;
  const commands = speechCommands ? await readSpeechCommands(speechCommands) : undefined;
  const digits = {
    ...(commands && digitsOfCommands(commands)),
    "fsdd-official": fsdd ? officialSplit(await readFsdd(fsdd)).test : [],
  };
  const words = {
    ...(commands && wordsOfCommands(commands)),
    "other-speech": otherSpeech
      ? splitOtherSpeech((await readOtherSpeech(otherSpeech)).recordings).heldOut
      : [],
  };
  const noises = [
    ...(esc10 ? await readEsc10(esc10) : []),
    ...toNoiseRecordings(commands?.backgroundNoise ?? []),
  ];
  const material = {
    digits: withoutEmpty(digits),
    words: withoutEmpty(words),
    noises: splitNoise(noises).heldOut,
  };
  if (Object.keys(material.digits).length > 0) return material;
  throw new CorpusError(
    "corpus-missing",
    "readHeldOutMaterial: expected fsdd/ or speech-commands/ with held-out digits, found neither; " +
      "name a folder that holds one with --data or SPOKEN_DIGITS_DATA, or run `spoken-digits data`",
  );
}

function digitsOfCommands({ recordings }: SpeechCommandsCorpus) {
  const { validation, testing } = splitWordsAndSpeakers(recordings);
  return {
    "speech-commands-validation": validation.filter(isDigit),
    "speech-commands-testing": testing.filter(isDigit),
  };
}

function wordsOfCommands({ recordings }: SpeechCommandsCorpus) {
  const { validation, testing, unseenWords } = splitWordsAndSpeakers(recordings);
  return {
    "unheard-words": unseenWords,
    "unheard-words-and-voices": unseenWords.filter(({ speaker }) => speakerPart(speaker) !== "training"),
    "other-words": [...validation, ...testing].filter((recording) => !isDigit(recording)),
  };
}

function isDigit({ label }: Recording): boolean {
  return label !== "none";
}

function withoutEmpty<Name extends string>(
  lists: Partial<Record<Name, Recording[]>>,
): Partial<Record<Name, Recording[]>> {
  const some = Object.entries<Recording[] | undefined>(lists).filter(([, list]) => list && list.length > 0);
  return Object.fromEntries(some) as Partial<Record<Name, Recording[]>>;
}
