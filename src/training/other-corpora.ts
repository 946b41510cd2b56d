// All corpora but the Free Spoken Digit Dataset, parted once: who is trained on, who is watched, and what nobody in training
// ever hears.

import type { CleanedRecordings, Clip } from "../corpus/clean-recordings.ts";
import { cleanRecordings } from "../corpus/clean-recordings.ts";
import { loadSamplesOnce } from "../corpus/load-samples-once.ts";
import type { CorpusFolders } from "../corpus/locate-corpora.ts";
import type { NoiseRecording, NoiseSplit } from "../corpus/noise.ts";
import { readEsc10, splitNoise, toNoiseRecordings } from "../corpus/noise.ts";
import { readOtherSpeech, splitOtherSpeech } from "../corpus/other-speech.ts";
import type { Recording } from "../corpus/recording.ts";
import { readSpeechCommands } from "../corpus/speech-commands.ts";
import { splitWordsAndSpeakers } from "../corpus/speech-commands-split.ts";
import { readVoices, VOICES_CORPUS } from "../corpus/voices.ts";
import { CorpusError } from "../errors.ts";

/** Recordings by the part they play. No speaker, word or noise of a held-out list is in a training list. */
export type OtherCorpora = {
  /** Digits by training speakers, cleaned. */
  digits: Recording[];
  /** Digits by validation speakers, as they are: what decisions are made by. */
  validation: Recording[];
  /** Words and phrases without a digit by training speakers, cleaned. */
  otherWords: Recording[];
  /** Phrases of the one voice of the telephone prompts, cleaned; see {@link readOtherCorpora}. */
  prompts: Recording[];
  /** Speech of many voices without a digit, cleaned; empty where no folder of them is named. */
  voices: Recording[];
  /** Words by validation speakers and speech by held-out speakers, as they are. Training knows some of the words. */
  otherWordsHeldOut: Recording[];
  /** Words of Speech Commands that no recording of it brings into training. AN4 has some "yes". */
  unheardWords: Recording[];
  noise: NoiseSplit;
  /** The noise that trains, as recordings. */
  trainingNoise: Recording[];
  /** Why how many recordings of the training lists were dropped. */
  dropped: CleanedRecordings["counts"];
};

/**
 * Reads every corpus that is there but the Free Spoken Digit Dataset. The prompts of `asterisk` are a list of their own: a
 * quarter of all that is no digit is by that one voice, who says no digit in training, and a net that hears so much of her
 * takes the voice itself for "none".
 *
 * @param folders From `locateCorpora`; Speech Commands is needed.
 * @throws {CorpusError} `corpus-missing`: it is not there; or a corpus is damaged.
 * @throws {AudioFormatError} A recording of speech cannot be decoded.
 * @throws {FileError} A file cannot be read.
 */
export async function readOtherCorpora(folders: Omit<CorpusFolders, "fsdd">): Promise<OtherCorpora> {
  const { speechCommands, esc10, otherSpeech } = folders;
  if (!speechCommands) {
    throw new CorpusError(
      "corpus-missing",
      "training on all corpora needs Speech Commands; fetch it with `spoken-digits data --corpus all`, or name a folder " +
        "that holds speech-commands/ with --data or SPOKEN_DIGITS_DATA",
    );
  }
  const commands = await readSpeechCommands(speechCommands);
  const parts = splitWordsAndSpeakers(commands.recordings);
  const speech = otherSpeech
    ? splitOtherSpeech((await readOtherSpeech(otherSpeech)).recordings)
    : { training: [], heldOut: [] };
  const voices = folders.voices === undefined ? [] : await readVoices(folders.voices);
  const cleaned = cleanRecordings(await loadClips([...parts.training, ...speech.training, ...voices]));
  const trained = cleaned.kept.map(({ recording }) => recording);
  const backgrounds = toNoiseRecordings(commands.backgroundNoise);
  const noise = splitNoise(esc10 ? [...(await readEsc10(esc10)), ...backgrounds] : backgrounds);
  return {
    digits: trained.filter(isDigit),
    validation: parts.validation.filter(isDigit),
    otherWords: trained.filter((recording) => !isDigit(recording) && !hasListOfItsOwn(recording)),
    prompts: trained.filter(isPrompt),
    voices: trained.filter(isOfVoices),
    otherWordsHeldOut: [...parts.validation.filter((recording) => !isDigit(recording)), ...speech.heldOut],
    unheardWords: parts.unheardWords,
    noise,
    trainingNoise: toRecordings(noise.training),
    dropped: cleaned.counts,
  };
}

/**
 * Checks that a finished net can be calibrated, which takes digits and other words by held-out speakers.
 *
 * @param corpora Of {@link readOtherCorpora}.
 * @throws {CorpusError} `corpus-missing`: there are none of one of them; a net calibrated so would answer nonsense.
 */
export function checkCalibration(corpora: Pick<OtherCorpora, "validation" | "otherWordsHeldOut">): void {
  const { validation, otherWordsHeldOut } = corpora;
  const missing = validation.length === 0 ? "digits" : otherWordsHeldOut.length === 0 ? "other words" : "";
  if (missing === "") return;
  throw new CorpusError(
    "corpus-missing",
    `runProtocol: the corpora hold no ${missing} by held-out speakers, which the finished model is calibrated on; ` +
      "get all of them with `spoken-digits data --corpus all`",
  );
}

/** Noise as recordings that `loadSamples` takes. @param noise Any. */
export function toRecordings(noise: readonly NoiseRecording[]): Recording[] {
  return noise.map(({ path, source, corpus }) => ({ path, label: "none", speaker: source, corpus }));
}

const isPrompt = ({ corpus }: Recording) => corpus === "asterisk";
const isOfVoices = ({ corpus }: Recording) => corpus === VOICES_CORPUS;
const hasListOfItsOwn = (recording: Recording) => isPrompt(recording) || isOfVoices(recording);
const isDigit = ({ label }: Recording) => label !== "none";

async function loadClips(recordings: readonly Recording[]): Promise<Clip[]> {
  const samples = await loadSamplesOnce(recordings);
  return recordings.map((recording, i) => ({ recording, samples: samples[i]! }));
}
