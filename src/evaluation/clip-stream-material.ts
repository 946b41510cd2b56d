// The recordings that streams are made of: speakers, noise and words that no training hears, in two halves. The dev half
// chooses thresholds, the test half is reported.

import { createHash } from "node:crypto";
import { cleanRecordings } from "../corpus/clean-recordings.ts";
import type { CorpusFolders } from "../corpus/corpora.ts";
import type { DataPart } from "../corpus/data-part.ts";
import { readFsdd } from "../corpus/fsdd.ts";
import { loadSamples } from "../corpus/load-samples.ts";
import { readEsc10, splitNoise, toNoiseRecordings } from "../corpus/noise.ts";
import { readOtherSpeech, splitOtherSpeech } from "../corpus/other-speech.ts";
import type { Recording } from "../corpus/recording.ts";
import { readSpeechCommands } from "../corpus/speech-commands.ts";
import { splitBySpeakerHash } from "../corpus/speech-commands-split.ts";
import { officialSplit } from "../corpus/splits.ts";
import { CorpusError } from "../errors.ts";
import type { StreamMaterial, WordClip } from "./clip-streams.ts";
import type { NegativeMaterial } from "./negative-streams.ts";

/** No speaker or source of noise is in both halves. */
type HeldOutPart = Exclude<DataPart, "training">;

/** Everything that streams are made of. */
export type ClipMaterial = Required<StreamMaterial> & NegativeMaterial;

/** Held-out recordings by what they are for. */
export type HeldOutClips = Record<HeldOutPart, ClipMaterial> & {
  /** The official test takes of FSDD under the noise of the test half: known voices, takes never trained on. */
  fsdd: ClipMaterial;
};

/**
 * Reads what no training hears: the validation speakers of Speech Commands, digits and other words, without its broken
 * clips; the official test takes of FSDD; the held-out part of the noise and of other speech.
 *
 * @param folders Of `locateCorpora`; all four are needed.
 * @throws {CorpusError} `corpus-missing`: one of the corpora is not there.
 * @throws {FileError} A recording cannot be read.
 */
export async function readHeldOutClips(folders: CorpusFolders): Promise<HeldOutClips> {
  const { fsdd, esc10, "speech-commands": speechCommands, "other-speech": otherSpeech } = folders;
  if (!fsdd || !speechCommands || !esc10 || !otherSpeech) {
    throw new CorpusError(
      "corpus-missing",
      "streams of clips: need FSDD, Speech Commands, ESC-10 and other speech",
    );
  }
  const commands = await readSpeechCommands(speechCommands);
  const words = await loadWords(splitBySpeakerHash(commands.recordings).validation);
  const noises = splitNoise([
    ...(await readEsc10(esc10)),
    ...toNoiseRecordings(commands.backgroundNoise),
  ]).heldOut;
  const speech = splitOtherSpeech((await readOtherSpeech(otherSpeech)).recordings).heldOut;
  const half = async (name: HeldOutPart): Promise<ClipMaterial> => {
    const own = words.filter(({ speaker }) => heldOutPartOf(speaker) === name);
    const otherWords = own.filter(({ digit }) => digit === null);
    const phrases = await loadSamples(speech.filter(({ speaker }) => heldOutPartOf(speaker) === name));
    return {
      digits: own.filter(({ digit }) => digit !== null),
      otherWords,
      noises: await loadSamples(noises.filter(({ source }) => heldOutPartOf(source) === name)),
      speech: [...otherWords.map(({ samples }) => samples), ...phrases],
    };
  };
  const [dev, test] = [await half("dev"), await half("test")];
  const digits = await loadWords(officialSplit(await readFsdd(fsdd)).test);
  return { dev, test, fsdd: { ...test, digits, otherWords: [] } };
}

async function loadWords(recordings: readonly Recording[]): Promise<WordClip[]> {
  const samples = await loadSamples(recordings);
  const clips = recordings.map((recording, i) => ({ recording, samples: samples[i]! }));
  return cleanRecordings(clips).kept.map(({ recording: { label, speaker }, samples }) => ({
    samples,
    digit: label === "none" ? null : label,
    speaker,
  }));
}

/**
 * The half that a held-out speaker or source of noise belongs to. Unrelated to the part of the speaker, which goes by another
 * hash of the name.
 *
 * @param source Name of the speaker or source.
 */
export function heldOutPartOf(source: string): HeldOutPart {
  const [byte] = createHash("sha256").update(source).digest();
  return byte! % 2 === 0 ? "dev" : "test";
}
