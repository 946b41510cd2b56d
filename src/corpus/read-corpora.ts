// All corpora that are at hand, split once: what trains, what decisions are made by, and what nothing in training ever sees.

import { type CleanedRecordings, type Clip, cleanRecordings } from "./clean-recordings.ts";
import { CORPORA, CORPUS_NAMES, type CorpusFolders, type CorpusParts } from "./corpora.ts";
import type { Dataset } from "./dataset.ts";
import { loadSamplesOnce } from "./load-samples.ts";

/** Datasets of several corpora, those that train without their broken clips. */
export type SplitCorpora = CorpusParts & {
  /** Why how many recordings of the training part were dropped. */
  dropped: CleanedRecordings["counts"];
};

/**
 * Reads corpora. The training part is cleaned, over all corpora at once; what judges stays as it is.
 *
 * @param folders From `locateCorpora`.
 * @returns Datasets in the order of `CORPORA`.
 * @throws {CorpusError} A corpus is damaged or not there.
 * @throws {AudioFormatError} A recording of speech cannot be decoded.
 * @throws {FileError} A file cannot be read.
 */
export async function readCorpora(folders: CorpusFolders): Promise<SplitCorpora> {
  const split: CorpusParts = { training: [], validation: [], test: [] };
  const uncleaned = new Set<Dataset>();
  for (const name of CORPUS_NAMES) {
    const folder = folders[name];
    if (folder === undefined) continue;
    const corpus = await CORPORA[name]();
    const { training, validation, test } = await corpus.read(folder);
    if (!corpus.isClean) {
      for (const dataset of training) if (dataset.role !== "noise") uncleaned.add(dataset);
    }
    split.training.push(...training);
    split.validation.push(...validation);
    split.test.push(...test);
  }
  const cleaned = cleanRecordings(await loadClips([...uncleaned]));
  const kept = new Set(cleaned.kept.map(({ recording }) => recording));
  const training = split.training.map((dataset) =>
    uncleaned.has(dataset)
      ? { ...dataset, recordings: dataset.recordings.filter((recording) => kept.has(recording)) }
      : dataset,
  );
  return { ...split, training, dropped: cleaned.counts };
}

async function loadClips(datasets: readonly Dataset[]): Promise<Clip[]> {
  const recordings = datasets.flatMap(({ recordings }) => recordings);
  const samples = await loadSamplesOnce(recordings);
  return recordings.map((recording, i) => ({ recording, samples: samples[i]! }));
}
