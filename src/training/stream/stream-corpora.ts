// What the stream model is trained on: every digit that training may hear, with its speaker; words, speech and noise.

import { readFsdd } from "../../corpus/fsdd.ts";
import { loadSamplesOnce } from "../../corpus/load-samples-once.ts";
import type { CorpusFolders } from "../../corpus/locate-corpora.ts";
import type { Recording } from "../../corpus/recording.ts";
import { officialSplit } from "../../corpus/splits.ts";
import { CorpusError } from "../../errors.ts";
import { heldOutHalfOf } from "../../evaluation/test-stream-material.ts";
import type { TrainingClips } from "../group-step.ts";
import { loadClips } from "../load-clips.ts";
import { readOtherCorpora, toRecordings } from "../other-corpora.ts";

/** Recordings for a training and to watch it by. */
export type StreamClips = {
  train: TrainingClips;
  validation: TrainingClips;
  /** Names of the corpora that train. Default: not told. */
  corpora?: readonly string[];
};

/** What the model is trained on, in words. */
export const STREAM_TRAINING_DATA =
  "strings made from Free Spoken Digit Dataset takes 5-49 and the training speakers of Speech Commands, with other words, " +
  "speech of other voices, telephone prompts and recorded noise";

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
  const digits = [...officialSplit(await readFsdd(fsdd)).train, ...others.digits];
  const { otherWords, prompts, voices, trainingNoise } = others;
  const mayChoose = ({ speaker }: Recording) => heldOutHalfOf(speaker) === "choosing";
  return {
    train: {
      ...(await loadClips(digits)),
      otherWords: await loadSamplesOnce(otherWords),
      prompts: await loadSamplesOnce(prompts),
      voices: await loadSamplesOnce(voices),
      recordedNoise: await loadSamplesOnce(trainingNoise),
    },
    validation: {
      ...(await loadClips(others.validation.filter(mayChoose))),
      otherWords: await loadSamplesOnce(others.otherWordsHeldOut.filter(mayChoose)),
      recordedNoise: await loadSamplesOnce(
        toRecordings(others.noise.heldOut.filter(({ source }) => heldOutHalfOf(source) === "choosing")),
      ),
    },
    corpora: corporaOf([...digits, ...otherWords, ...prompts, ...voices, ...trainingNoise]),
  };
}

const corporaOf = (recordings: readonly Recording[]) => [...new Set(recordings.map(({ corpus }) => corpus))];
