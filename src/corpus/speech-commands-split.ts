// Who learns and who is judged in Speech Commands: by speaker, as the corpus defines it, and by word on top.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Corpus } from "./corpora.ts";
import type { Dataset } from "./dataset.ts";
import { noiseParts, toNoiseRecordings } from "./noise.ts";
import type { Recording } from "./recording.ts";
import { findSpeechCommands, readSpeechCommands } from "./speech-commands.ts";
import { summaryOf } from "./summary.ts";

/** The corpus. Its test part is the words that training never has, by any speaker. */
export const SPEECH_COMMANDS: Corpus = {
  find: findSpeechCommands,
  async cached(cacheDir) {
    const { speechCommandsCacheFolder } = await import("./download-speech-commands.ts");
    return (["0.02", "0.01"] as const).map((version) => speechCommandsCacheFolder(version, cacheDir));
  },
  download: async (options) =>
    (await import("./download-speech-commands.ts")).downloadSpeechCommands(options),
  async read(folder) {
    const { recordings, backgroundNoise } = await readSpeechCommands(folder);
    const { training, validation, unseenWords } = splitWordsAndSpeakers(recordings);
    const noise = noiseParts(toNoiseRecordings(backgroundNoise));
    return {
      training: [...byRole(training), ...noise.training],
      validation: [...byRole(validation), ...noise.validation],
      test: byRole(unseenWords),
    };
  },
  async summarise(folder) {
    const { recordings, backgroundNoise } = await readSpeechCommands(folder);
    const { training, validation, testing, unseenWords } = splitWordsAndSpeakers(recordings);
    const nDigits = recordings.filter(isDigit).length;
    const official = `${training.length} for training, ${validation.length} for validation`;
    return summaryOf(recordings, {
      corpus: "Speech Commands",
      folder,
      recordings: `${nDigits} of digits, ${recordings.length - nDigits} of other words`,
      "official split": `${official}, ${testing.length} for testing`,
      "held out": `${unseenWords.length} of words that training never hears`,
      noise: `${backgroundNoise.length} recordings`,
    });
  },
};

/** More digits of the same corpus, gathered later: their training speakers train, nothing else is taken. */
export const SPEECH_COMMANDS_MORE: Corpus = {
  find: (folder) => findSpeechCommands(join(folder, "speech-commands-more")),
  async read(folder) {
    const { recordings } = await readSpeechCommands(folder);
    return { training: byRole(splitBySpeakerHash(recordings).training), validation: [], test: [] };
  },
  async summarise(folder) {
    const { recordings } = await readSpeechCommands(folder);
    const { training } = splitBySpeakerHash(recordings);
    return {
      rows: [
        ["corpus", "Speech Commands, more digits"],
        ["folder", folder],
        ["recordings", `${recordings.length}, ${training.length} of training speakers`],
      ],
      recordings,
    };
  },
};

/** The part that a speaker belongs to. */
export type SpeakerPart = "training" | "validation" | "testing";

/** Recordings by the part of their speaker. */
export type SpeakerSplit = Record<SpeakerPart, Recording[]>;

/** As {@link SpeakerSplit}, with the words apart that training never hears. */
export type WordAndSpeakerSplit = SpeakerSplit & {
  /**
   * Every recording of a held-out word, by speakers of all parts: the voices of some are known from other words, the words
   * of none. For unknown voices too, keep those whose {@link speakerPart} is not "training".
   */
  unseenWords: Recording[];
};

const MAX_HASH = 2 ** 27 - 1;
const VALIDATION_BELOW_PERCENT = 10;
const TESTING_BELOW_PERCENT = 20;

/**
 * Words that are held out of training, validation and testing to try the model on unseen words: every third,
 * from the first on, of the 25 words of version 0.02 that are not digits, in alphabetical order. 9 of 25; of the 20 of
 * version 0.01 these are 7.
 */
export const UNSEEN_WORDS: readonly string[] = [
  "backward",
  "cat",
  "follow",
  "happy",
  "left",
  "off",
  "sheila",
  "up",
  "yes",
];

/**
 * The part of a speaker by the official rule: SHA-1 of the name, modulo 2^27, as percentage of 2^27 - 1; below 10
 * validation, below 20 testing, else training. After `which_set` in the corpus' README (Warden, 2018). It depends on the name
 * alone, so a speaker is in one part over all folders, versions and copies.
 *
 * @param speaker What stands before `_nohash_` in the file's name.
 */
export function speakerPart(speaker: string): SpeakerPart {
  const percent = speakerPercent(speaker);
  if (percent < VALIDATION_BELOW_PERCENT) return "validation";
  return percent < TESTING_BELOW_PERCENT ? "testing" : "training";
}

/** The number that the official rule goes by. @param speaker Any name. @returns 0..100, spread evenly over names. */
export function speakerPercent(speaker: string): number {
  const digest = createHash("sha1").update(speaker).digest();
  // The lowest 27 bits of a number are its rest modulo 2^27.
  const hash = digest.readUInt32BE(digest.length - 4) & MAX_HASH;
  return hash * (100 / MAX_HASH);
}

/**
 * The official split. No speaker is in two parts.
 *
 * @param recordings Any; only `speaker` counts.
 * @returns Each part in the order given; a part may be empty.
 */
export function splitBySpeakerHash(recordings: readonly Recording[]): SpeakerSplit {
  const parts: SpeakerSplit = { training: [], validation: [], testing: [] };
  for (const recording of recordings) parts[speakerPart(recording.speaker)].push(recording);
  return parts;
}

/**
 * The official split of all but the held-out words, and these on their own.
 *
 * @param recordings Of `readSpeechCommands`.
 * @param options.unseenWords Default: {@link UNSEEN_WORDS}. Digits always stay in the split.
 * @returns Each part in the order given; a part may be empty.
 */
export function splitWordsAndSpeakers(
  recordings: readonly Recording[],
  options: { unseenWords?: readonly string[] } = {},
): WordAndSpeakerSplit {
  const heldOut = new Set(options.unseenWords ?? UNSEEN_WORDS);
  const isUnseen = ({ label, word }: Recording) =>
    label === "none" && word !== undefined && heldOut.has(word);
  return {
    ...splitBySpeakerHash(recordings.filter((recording) => !isUnseen(recording))),
    unseenWords: recordings.filter(isUnseen),
  };
}

function byRole(recordings: readonly Recording[]): Dataset[] {
  return [
    { role: "digits", recordings: recordings.filter(isDigit) },
    { role: "negatives", recordings: recordings.filter((recording) => !isDigit(recording)) },
  ];
}

const isDigit = ({ label }: Recording) => label !== "none";
