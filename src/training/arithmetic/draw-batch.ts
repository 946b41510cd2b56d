// The examples of a training step: which clips, augmented how, mixed with which others, and their targets.

import { CLASS_COUNT } from "../../model/architectures.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import { createRandom } from "../../random.ts";
import { drawMaskInto, drawMixup, type Mixup, noMixup, softTargets } from "./augment-spectrogram.ts";
import { NONE_LABEL } from "./augmentation-settings.ts";
import type { BatchSource } from "./batch-source.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

/** What one training step is fed, for n examples. */
export type TrainingBatch = {
  /** [n, 8192] windows at 8 kHz, finite, within -1..1. */
  samples: Float32Array;
  /** [n] which of the `warpFactors` the mel filter bank of each example has. */
  warpIndex: Int32Array;
  /** [n, nMels, nFrames] 0 where the spectrogram is blanked, 1 elsewhere. */
  masks: Float32Array;
  /** [n] share of the example itself in mixup, in [0, 1]. */
  mixWeights: Float32Array;
  /** [n] partner in mixup, counted from the beginning of the example's group. */
  permutation: Int32Array;
  /** [n] class of each example before mixup, 0..10. */
  labels: Int32Array;
  /** [n, 11] target distributions after mixup and label smoothing; each sums to 1. */
  targets: Float32Array;
};

/** Which part of which batch. */
export type BatchRequest = {
  /** Number of the step, a whole number >= 0. */
  step: number;
  /** Examples of the whole batch, >= 1. */
  batchSize: number;
  /** Mixup stays within groups of this many successive examples, the last may be smaller. Default: the whole batch. */
  groupSize?: number;
  /** First example wanted, the first of a group. Default: 0. */
  from?: number;
  /** End of the examples wanted, exclusive, the end of a group. Default: batchSize. */
  to?: number;
  /** Mel bands of the spectrogram, for the masks. */
  nMels: number;
  /** Frames of the spectrogram, for the masks. */
  nFrames: number;
  /** Filled and returned, with room for exactly the examples wanted. Default: newly allocated. */
  into?: TrainingBatch;
};

/**
 * Draws examples [from, to) of a batch. Each depends on (seed, step, its index in the batch) and the group size alone, so
 * the parts of a batch may be drawn by any number of workers, and any step without the ones before it.
 *
 * @param source From `createBatchSource`; every worker makes its own from the same clips, settings and seed.
 * @param request Which examples; see {@link BatchRequest}.
 * @returns The examples wanted, `request.into` if given.
 */
export function drawBatch(source: BatchSource, request: BatchRequest): TrainingBatch {
  const { step, batchSize, groupSize = batchSize, from = 0, to = batchSize, nMels, nFrames } = request;
  const batch = request.into ?? allocateBatch({ count: to - from, nMels, nFrames });
  const indices = batchIndices({ seed: source.seed, step, batchSize, count: source.clips.length });
  for (let i = from; i < to; i++)
    drawExample(source, request, { clip: indices[i]!, index: i, row: i - from, batch });
  for (let first = from; first < to; first += groupSize) {
    const end = Math.min(to, first + groupSize);
    mixGroup(source, { step, group: first / groupSize, batch, first: first - from, end: end - from });
  }
  return batch;
}

/**
 * Room for a batch, all zeros; it may be filled again and again.
 *
 * @param options.count Examples, n.
 * @param options.nMels Mel bands of the spectrogram.
 * @param options.nFrames Frames of the spectrogram.
 */
export function allocateBatch(options: { count: number; nMels: number; nFrames: number }): TrainingBatch {
  const { count, nMels, nFrames } = options;
  return {
    samples: new Float32Array(count * WINDOW_SAMPLES),
    warpIndex: new Int32Array(count),
    masks: new Float32Array(count * nMels * nFrames),
    mixWeights: new Float32Array(count),
    permutation: new Int32Array(count),
    labels: new Int32Array(count),
    targets: new Float32Array(count * CLASS_COUNT),
  };
}

/**
 * Which items a batch holds: an endless row of epochs, each a random order of all items, cut into batches. A batch may
 * span two epochs. A pure function, so training can go on at any step.
 *
 * @param options.seed Of the whole training.
 * @param options.step Number of the batch, a whole number >= 0.
 * @param options.batchSize Items in a batch, >= 1.
 * @param options.count Items there are, >= 1.
 * @returns [batchSize] indices in [0, count).
 */
export function batchIndices(options: {
  seed: number;
  step: number;
  batchSize: number;
  count: number;
}): Int32Array {
  const { seed, step, batchSize, count } = options;
  const indices = new Int32Array(batchSize);
  const start = step * batchSize;
  for (let filled = 0; filled < batchSize; ) {
    const epoch = Math.floor((start + filled) / count);
    const first = (start + filled) % count;
    const part = epochOrder(seed, epoch, count).subarray(first, first + batchSize - filled);
    indices.set(part, filled);
    filled += part.length;
  }
  return indices;
}

/** Fisher and Yates. */
function epochOrder(seed: number, epoch: number, count: number): Int32Array {
  const random = createRandom(seed, RANDOM_STREAMS.epochOrder, epoch);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(0, i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

function drawExample(
  source: BatchSource,
  { step, nMels, nFrames }: BatchRequest,
  { clip, index, row, batch }: { clip: number; index: number; row: number; batch: TrainingBatch },
): void {
  const { settings, seed, labels, none, augmenter } = source;
  const random = createRandom(seed, RANDOM_STREAMS.example, step, index);
  const isNone = labels[clip] !== NONE_LABEL && random.chance(settings.noneShare);
  const word = isNone ? none.draw(clip, random) : source.clips[clip]!;
  const out = batch.samples.subarray(row * WINDOW_SAMPLES, (row + 1) * WINDOW_SAMPLES);
  augmenter.augmentInto(word, { random, out });
  batch.labels[row] = isNone ? NONE_LABEL : labels[clip]!;
  batch.warpIndex[row] = random.integer(0, settings.warpCount);
  const mask = batch.masks.subarray(row * nMels * nFrames, (row + 1) * nMels * nFrames);
  drawMaskInto(mask, { nMels, nFrames, settings, random });
}

function mixGroup(
  { seed, settings }: BatchSource,
  part: { step: number; group: number; batch: TrainingBatch; first: number; end: number },
): void {
  const { step, group, batch, first, end } = part;
  const mixed = createRandom(seed, RANDOM_STREAMS.batchMixup, step).chance(settings.mixupProbability);
  const random = createRandom(seed, RANDOM_STREAMS.groupMixup, step, group);
  const mixup: Mixup = mixed
    ? drawMixup(end - first, { alpha: settings.mixupAlpha, random })
    : noMixup(end - first);
  batch.mixWeights.set(mixup.mixWeights, first);
  batch.permutation.set(mixup.permutation, first);
  const labels = batch.labels.subarray(first, end);
  const smoothing = settings.labelSmoothing;
  batch.targets.set(softTargets({ labels, classes: CLASS_COUNT, smoothing, ...mixup }), first * CLASS_COUNT);
}
