// What the stream model is trained on: every digit that training may have, with its speaker; negatives and noise.

import { dataPart } from "../../corpus/data-part.ts";
import type { Dataset } from "../../corpus/dataset.ts";
import type { SplitCorpora } from "../../corpus/read-corpora.ts";
import { CorpusError } from "../../errors.ts";
import { heldOutPartOf } from "../../evaluation/clip-stream-material.ts";
import type { RunData } from "../training-run.ts";

/** What the model is trained on, in words. */
export const STREAM_TRAINING_DATA =
  "strings made from Free Spoken Digit Dataset takes 5-49 and the training speakers of Speech Commands, with other words, " +
  "fluent numbers and sentences of many speakers, and recorded noise";

/**
 * The training part of all corpora, and those validation speakers that may choose thresholds.
 *
 * @param corpora From `readCorpora`.
 * @throws {CorpusError} `corpus-missing`: there are no digits to train or to validate on.
 */
export function streamRunData({ training, validation }: SplitCorpora): RunData {
  const ofDevHalf = validation.map(({ role, recordings }) => ({
    role,
    // Of fluent speech all of the dev part may choose.
    recordings:
      role === "fluent" ? recordings : recordings.filter(({ speaker }) => heldOutPartOf(speaker) === "dev"),
  }));
  for (const datasets of [training, validation]) {
    if (datasets.some(({ role, recordings }) => role === "digits" && recordings.length > 0)) continue;
    throw new CorpusError("corpus-missing", "training the stream model needs FSDD beside the other corpora");
  }
  return { train: training.map(withoutFluentUnseen), validation: ofDevHalf };
}

/** AN4 is in two folders, with speakers in common: those of its fluent part who do not train there do not train here. */
function withoutFluentUnseen({ role, recordings }: Dataset): Dataset {
  if (role !== "negatives") return { role, recordings };
  const trains = ({ corpus, speaker }: Dataset["recordings"][number]) =>
    corpus !== "an4" || dataPart(speaker) === "training";
  return { role, recordings: recordings.filter(trains) };
}
