// Reader of Speech Commands (P. Warden, "Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition",
// arXiv:1804.03209, 2018): a folder a word, a file a recording, the speaker in its name.

import { join } from "node:path";
import { CorpusError } from "../errors.ts";
import { DIGIT_WORDS } from "../model/prediction.ts";
import { firstFolder, listAudioNames, listFolderNames } from "./list-folder.ts";
import type { Label, Recording } from "./recording.ts";

/** The `corpus` of every recording read here. */
export const SPEECH_COMMANDS_CORPUS = "speech-commands";

/** The folder of noise recordings beside the words. */
export const BACKGROUND_NOISE_FOLDER = "_background_noise_";

/** What a folder of Speech Commands holds. */
export type SpeechCommandsCorpus = {
  /**
   * Digits, labelled 0-9, and other words, labelled "none" and named by `word`; sorted by word, then file name. `take` is
   * the number in the file's name.
   */
  recordings: Recording[];
  /** Paths of the noise recordings, sorted; none when the folder is not there. */
  backgroundNoise: string[];
};

const RECORDING_NAME = /^(?<speaker>.+)_nohash_(?<take>\d+)\.[^.]+$/;

/**
 * Lists the recordings of Speech Commands, in its public layout: `{word}/{speaker}_nohash_{n}.wav`, or any other audio
 * format. Nothing is decoded.
 *
 * @param folder The folder of the word folders, or one that holds it as `speech-commands/`. Hidden folders and files that
 *   are not audio (lists, licence) are passed over.
 * @returns See {@link SpeechCommandsCorpus}; paths start with `folder`.
 * @throws {CorpusError} `corpus-missing`: no digit word's folder with audio in either place; `corpus-format`: an audio
 *   file in a word folder has another name.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function readSpeechCommands(folder: string): Promise<SpeechCommandsCorpus> {
  const root = await findSpeechCommands(folder);
  const words = (await listFolderNames("readSpeechCommands", root)).filter(isWordFolder);
  const lists = await Promise.all(words.map((word) => readWord(root, word)));
  const noiseFolder = join(root, BACKGROUND_NOISE_FOLDER);
  const noises = await listAudioNames("readSpeechCommands", noiseFolder);
  return { recordings: lists.flat(), backgroundNoise: noises.map((name) => join(noiseFolder, name)) };
}

/**
 * The folder of the word folders: `speech-commands/` below `folder`, or itself, the first that has a recording of a digit.
 *
 * @throws {CorpusError} `corpus-missing`: neither has one; the message says where it looked and what to do.
 * @throws {FileError} A folder is there and cannot be read.
 */
export function findSpeechCommands(folder: string): Promise<string> {
  const expected = "readSpeechCommands: expected folders zero to nine with {speaker}_nohash_{n} files";
  return firstFolder([join(folder, "speech-commands"), folder], { holds: hasDigits, expected });
}

async function hasDigits(folder: string): Promise<boolean> {
  for (const word of DIGIT_WORDS) {
    if ((await listAudioNames("readSpeechCommands", join(folder, word))).length > 0) return true;
  }
  return false;
}

function isWordFolder(name: string): boolean {
  return name !== BACKGROUND_NOISE_FOLDER;
}

async function readWord(root: string, word: string): Promise<Recording[]> {
  const folder = join(root, word);
  const names = await listAudioNames("readSpeechCommands", folder);
  return names.map((name) => parseRecording(folder, { word, name }));
}

function parseRecording(folder: string, { word, name }: { word: string; name: string }): Recording {
  const path = join(folder, name);
  const parts = RECORDING_NAME.exec(name)?.groups as { speaker: string; take: string } | undefined;
  if (!parts) {
    throw new CorpusError(
      "corpus-format",
      `readSpeechCommands: expected a name like 0a7c2a8d_nohash_0.wav ({speaker}_nohash_{n}), got ${path}`,
    );
  }
  const digit = DIGIT_WORDS.indexOf(word);
  return {
    path,
    label: digit >= 0 ? (digit as Label) : "none",
    speaker: parts.speaker,
    corpus: SPEECH_COMMANDS_CORPUS,
    take: Number(parts.take),
    ...(digit < 0 && { word }),
  };
}
