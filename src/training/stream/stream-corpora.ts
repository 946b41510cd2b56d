// What the stream model is trained on: every digit that training may have, with its speaker; negatives and noise.

import type { SplitCorpora } from "../../corpus/read-corpora.ts";
import { CorpusError } from "../../errors.ts";
import { heldOutHalfOf } from "../../evaluation/test-stream-material.ts";
import type { RunData } from "../training-run.ts";

/** What the model is trained on, in words. */
export const STREAM_TRAINING_DATA =
  "strings made from Free Spoken Digit Dataset takes 5-49 and the training speakers of Speech Commands, with other words, " +
  "speech of other voices, telephone prompts and recorded noise";

/**
 * The training part of all corpora, and those validation speakers that may choose thresholds.
 *
 * @param corpora From `readCorpora`.
 * @throws {CorpusError} `corpus-missing`: there are no digits to train or to validate on.
 */
export function streamRunData({ training, validation }: SplitCorpora): RunData {
  const choosing = validation.map(({ role, recordings }) => ({
    role,
    recordings: recordings.filter(({ speaker }) => heldOutHalfOf(speaker) === "choosing"),
  }));
  for (const datasets of [training, validation]) {
    if (datasets.some(({ role, recordings }) => role === "digits" && recordings.length > 0)) continue;
    throw new CorpusError("corpus-missing", "training the stream model needs FSDD beside the other corpora");
  }
  return { train: training, validation: choosing };
}
