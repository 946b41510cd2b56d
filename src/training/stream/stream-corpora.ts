// What the stream model is trained on: every digit that training may hear, with its speaker; words, speech and noise.

import { cleanRecordings } from "../../corpus/clean-recordings.ts";
import { type DataPart, dataPart } from "../../corpus/data-part.ts";
import { type FluentRecording, readConnectedSpeech, readSpeech } from "../../corpus/fluent-speech.ts";
import { readFsdd } from "../../corpus/fsdd.ts";
import { loadSamplesOnce } from "../../corpus/load-samples-once.ts";
import type { CorpusFolders } from "../../corpus/locate-corpora.ts";
import type { Recording } from "../../corpus/recording.ts";
import { readSpeechCommands } from "../../corpus/speech-commands.ts";
import { splitBySpeakerHash } from "../../corpus/speech-commands-split.ts";
import { officialSplit } from "../../corpus/splits.ts";
import { CorpusError } from "../../errors.ts";
import { heldOutHalfOf } from "../../evaluation/test-stream-material.ts";
import { madeUpTones } from "../arithmetic/made-up-tones.ts";
import type { TrainingClips } from "../group-step.ts";
import { loadClips } from "../load-clips.ts";
import { readOtherCorpora, toRecordings } from "../other-corpora.ts";
import { type FluentClip, fluentClip } from "./fluent-clip.ts";

/** Recordings for a training and to watch it by. */
export type StreamClips = {
  train: TrainingClips;
  validation: TrainingClips;
  /** Names of the corpora that train. Default: not told. */
  corpora?: readonly string[];
};

/** About a quarter of the recorded noise. */
const TONE_COUNT = 60;

/** What the model is trained on, in words. */
export const STREAM_TRAINING_DATA =
  "strings made from Free Spoken Digit Dataset takes 5-49 and the training speakers of Speech Commands, with other words, " +
  "fluent numbers and sentences of many speakers, and recorded noise";

/**
 * Reads the training part of all corpora, and those validation speakers that may choose thresholds.
 *
 * @param folders From `locateCorpora`; FSDD and Speech Commands are needed.
 * @throws {CorpusError} `corpus-missing`: one of the two is not there.
 * @throws {FileError} A recording cannot be read.
 */
export async function readStreamCorpora({ fsdd, ...folders }: CorpusFolders): Promise<StreamClips> {
  if (!fsdd)
    throw new CorpusError("corpus-missing", "training the stream model needs FSDD beside the other corpora");
  const others = await readOtherCorpora(folders);
  const more = await readMoreDigits(folders.speechCommandsMore);
  const digits = [...officialSplit(await readFsdd(fsdd)).train, ...others.digits, ...more];
  const { prompts, voices, trainingNoise } = others;
  const otherWords = others.otherWords.filter(({ corpus, speaker }) => corpus !== "an4" || trains(speaker));
  const mayChoose = ({ speaker }: Recording) => heldOutHalfOf(speaker) === "choosing";
  const fluent = await readFluent(folders);
  const ofPart = (part: DataPart) => fluent.filter((recording) => recording.part === part);
  return {
    train: {
      ...(await loadClips(digits)),
      otherWords: await loadSamplesOnce(otherWords),
      prompts: await loadSamplesOnce(prompts),
      voices: await loadSamplesOnce(voices),
      fluent: await loadFluent(ofPart("training")),
      recordedNoise: [
        ...(await loadSamplesOnce(trainingNoise)),
        ...madeUpTones({ seed: 1, count: TONE_COUNT }),
      ],
    },
    validation: {
      ...(await loadClips(others.validation.filter(mayChoose))),
      otherWords: await loadSamplesOnce(others.otherWordsHeldOut.filter(mayChoose)),
      fluent: await loadFluent(ofPart("dev")),
      recordedNoise: await loadSamplesOnce(
        toRecordings(others.noise.heldOut.filter(({ source }) => heldOutHalfOf(source) === "choosing")),
      ),
    },
    corpora: corporaOf([
      ...digits,
      ...otherWords,
      ...prompts,
      ...voices,
      ...trainingNoise,
      ...ofPart("training"),
    ]),
  };
}

/** AN4 is in two folders, with speakers in common. */
const trains = (speaker: string) => dataPart(speaker) === "training";

async function readMoreDigits(folder: string | undefined): Promise<Recording[]> {
  if (folder === undefined) return [];
  const { recordings } = await readSpeechCommands(folder);
  const clips = splitBySpeakerHash(recordings).training;
  const samples = await loadSamplesOnce(clips);
  const cleaned = cleanRecordings(clips.map((recording, i) => ({ recording, samples: samples[i]! })));
  return cleaned.kept.map(({ recording }) => recording);
}

async function readFluent({ connected, speech }: CorpusFolders): Promise<FluentRecording[]> {
  return [
    ...(connected === undefined ? [] : await readConnectedSpeech(connected)),
    ...(speech === undefined ? [] : await readSpeech(speech)),
  ];
}

async function loadFluent(recordings: readonly FluentRecording[]): Promise<FluentClip[]> {
  const samples = await loadSamplesOnce(recordings);
  return recordings.map((recording, i) => fluentClip(recording, samples[i]!));
}

const corporaOf = (recordings: readonly Pick<Recording, "corpus">[]) => [
  ...new Set(recordings.map(({ corpus }) => corpus)),
];
