// Ways to part recordings into those to learn from and those to be judged by. Each depends on the recordings and the
// seed alone, not on the order in which the recordings come.

import { InvalidArgumentError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { createRandom } from "../random.ts";
import type { Recording } from "./recording.ts";

/** Two lists without a recording in common that together hold all of them. */
export type TrainTestSplit = { train: Recording[]; test: Recording[] };

/** The training part, divided once more: `validation` steers the training, the test part never does. */
export type TrainValidationSplit = { train: Recording[]; validation: Recording[] };

/** A split whose test part is all of one speaker and nothing else. */
export type SpeakerFold = TrainTestSplit & { speaker: string; corpus: string };

const OFFICIAL_TEST_TAKES = 5;
const RANDOM_SPLIT_STREAM = 1;
const VALIDATION_STREAM = 2;

/**
 * The split that the Free Spoken Digit Dataset defines in its README: takes 0-4 of each digit and speaker are the test
 * part, the others the training part.
 *
 * @param recordings Each with its `take`.
 * @returns Both lists in the order given.
 * @throws {InvalidArgumentError} A recording has no take, or one of the parts would be empty.
 */
export function officialSplit(recordings: readonly Recording[]): TrainTestSplit {
  const isTest = (recording: Recording) => takeOf(recording) < OFFICIAL_TEST_TAKES;
  const test = recordings.filter(isTest);
  const train = recordings.filter((recording) => !isTest(recording));
  checkNoPartEmpty("officialSplit", recordings, test);
  return { train, test };
}

/**
 * A random split in which each speaker's clips of each word are shared out in the same proportion: a fifth to the test part.
 * A group of one speaker and word gives its share rounded up or down; the whole is within one of its share.
 *
 * @param recordings At least two; their order plays no part in who is drawn.
 * @param options.seed A whole number; the same seed gives the same split.
 * @returns Both lists in the order given.
 * @throws {InvalidArgumentError} One of the parts would be empty.
 */
export function randomSplit(recordings: readonly Recording[], { seed }: { seed: number }): TrainTestSplit {
  const drawn = drawStratified("randomSplit", recordings, { seed, share: 0.2, stream: RANDOM_SPLIT_STREAM });
  return {
    train: recordings.filter((recording) => !drawn.has(recording)),
    test: recordings.filter((recording) => drawn.has(recording)),
  };
}

/**
 * Takes a validation part out of a training part, stratified by word and speaker like {@link randomSplit}.
 *
 * @param train The training part, at least two recordings.
 * @param options.seed A whole number; the same seed gives the same parts.
 * @param options.share Share of the validation part, 0 < share < 1. Default: 0.1.
 * @returns Both lists in the order given.
 * @throws {InvalidArgumentError} One of the parts would be empty.
 */
export function carveValidation(
  train: readonly Recording[],
  options: { seed: number; share?: number },
): TrainValidationSplit {
  const { seed, share = 0.1 } = options;
  const drawn = drawStratified("carveValidation", train, { seed, share, stream: VALIDATION_STREAM });
  return {
    train: train.filter((recording) => !drawn.has(recording)),
    validation: train.filter((recording) => drawn.has(recording)),
  };
}

/**
 * Leave one speaker out: a fold for each speaker, who is its test part and is not in its training part.
 *
 * @param recordings Of at least two speakers; speakers of one name in two corpora count as two.
 * @returns Folds sorted by corpus and speaker; the lists of each in the order given.
 * @throws {InvalidArgumentError} Fewer than two speakers.
 */
export function speakerFolds(recordings: readonly Recording[]): SpeakerFold[] {
  const bySpeaker = groupBy(recordings, speakerKey);
  if (bySpeaker.size < 2) {
    throw new InvalidArgumentError(`speakerFolds: expected at least 2 speakers, got ${bySpeaker.size}`);
  }
  return sortedEntries(bySpeaker).map(([key, test]) => ({
    speaker: test[0]!.speaker,
    corpus: test[0]!.corpus,
    train: recordings.filter((recording) => speakerKey(recording) !== key),
    test,
  }));
}

function takeOf(recording: Recording): number {
  if (recording.take !== undefined) return recording.take;
  throw new InvalidArgumentError(
    `officialSplit: expected a take of every recording, ${recording.path} has none`,
  );
}

/**
 * Systematic sampling (Cochran, Sampling Techniques, chapter 8) over groups in random order: a running total of the
 * shares says how many each group gives, so that roundings do not add up.
 */
function drawStratified(
  caller: string,
  recordings: readonly Recording[],
  options: { seed: number; share: number; stream: number },
): Set<Recording> {
  const { seed, share, stream } = options;
  const random = createRandom(seed, stream);
  const groups = groupBy(recordings, (recording) => JSON.stringify([speakerKey(recording), recording.label]));
  const drawn = new Set<Recording>();
  let target = random.next();
  for (const [, group] of random.shuffle(sortedEntries(groups))) {
    target += share * group.length;
    // Sums of decimal shares fall short of whole numbers by their rounding.
    const count = Math.floor(target + 1e-9) - drawn.size;
    for (const recording of random.shuffle(sortByPath(group)).slice(0, count)) drawn.add(recording);
  }
  checkNoPartEmpty(caller, recordings, drawn);
  return drawn;
}

function checkNoPartEmpty(caller: string, all: readonly Recording[], part: Iterable<Recording>): void {
  const nPart = [...part].length;
  if (nPart > 0 && nPart < all.length) return;
  throw new InvalidArgumentError(
    `${caller}: expected two parts with recordings in both, got ${nPart} and ${all.length - nPart}`,
  );
}

function speakerKey(recording: Recording): string {
  return JSON.stringify([recording.corpus, recording.speaker]);
}

function sortedEntries(groups: Map<string, Recording[]>): [string, Recording[]][] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sortByPath(recordings: readonly Recording[]): Recording[] {
  return [...recordings].sort((a, b) => (a.path < b.path ? -1 : 1));
}
