// What is drawn of a training example for its spectrogram; the step's graph applies it. Vocal-tract length perturbation: Jaitly
// and Hinton, 2013. Masks as in SpecAugment, without time warping: Park et al., 2019. Mixup: Zhang, Cisse, Dauphin and
// Lopez-Paz, 2018; an example and its target are both blended with those of a partner from the same group, by a weight from
// Beta(alpha, alpha), here one for each example.

import type { Random } from "../../random.ts";
import type { AugmentationSettings, Range } from "./augmentation-settings.ts";

/**
 * The factors that a warp index stands for: the frequency axis of the mel filter bank is stretched by one of them, as
 * a longer or shorter vocal tract would.
 *
 * @param options.warp Lowest and highest factor, around 1.
 * @param options.warpCount How many, odd.
 * @returns [warpCount] rising factors; the one in the middle is exactly 1, evenly spaced in the logarithm on either side.
 */
export function warpFactors(options: { warp: Range; warpCount: number }): number[] {
  const { warp, warpCount } = options;
  const middle = (warpCount - 1) / 2;
  return Array.from({ length: warpCount }, (_, i) => {
    if (i === middle) return 1;
    const edge = i < middle ? warp[0] : warp[1];
    return edge ** (Math.abs(i - middle) / middle);
  });
}

/**
 * Draws the mask of one spectrogram. Widths are whole numbers drawn evenly from 0 to the stated share, rounded down;
 * masks may overlap.
 *
 * @param mask Filled, row-major [nMels, nFrames]: 0 where the spectrogram is blanked, 1 elsewhere.
 * @param options.nMels Rows, >= 1.
 * @param options.nFrames Columns, >= 1.
 * @param options.settings Number and widest share of the masks in either direction.
 */
export function drawMaskInto(
  mask: Float32Array,
  options: { nMels: number; nFrames: number; settings: AugmentationSettings; random: Random },
): void {
  const { nMels, nFrames, settings, random } = options;
  mask.fill(1);
  for (let i = 0; i < settings.bandMasks; i++) {
    const [start, end] = drawSpan(random, nMels, settings.bandMaskShare);
    mask.fill(0, start * nFrames, end * nFrames);
  }
  for (let i = 0; i < settings.stretchMasks; i++) {
    const [start, end] = drawSpan(random, nFrames, settings.stretchMaskShare);
    for (let row = 0; row < nMels; row++) mask.fill(0, row * nFrames + start, row * nFrames + end);
  }
}

function drawSpan(random: Random, length: number, share: number): [start: number, end: number] {
  // The small addition keeps 0.15 * 40 at 6.
  const width = random.integer(0, Math.floor(share * length + 1e-9) + 1);
  const start = random.integer(0, length - width + 1);
  return [start, start + width];
}

/** For each example of a group: its own weight and whom it is mixed with. */
export type Mixup = {
  /** [n] share of the example itself, in [0, 1]; the partner has the rest. */
  mixWeights: Float32Array;
  /** [n] index of the partner within the group; each example is partner once. */
  permutation: Int32Array;
};

/**
 * Draws the partners and weights of one group.
 *
 * @param count Examples in the group, >= 0.
 * @param options.alpha Of Beta(alpha, alpha), > 0: the smaller, the more often one of the two prevails.
 */
export function drawMixup(count: number, options: { alpha: number; random: Random }): Mixup {
  const { alpha, random } = options;
  const permutation = Int32Array.from(random.shuffle(Array.from({ length: count }, (_, i) => i)));
  const mixWeights = Float32Array.from({ length: count }, () => drawSymmetricBeta(alpha, random));
  return { mixWeights, permutation };
}

/**
 * The group as it is: every weight 1, everyone the partner of itself.
 *
 * @param count Examples in the group, >= 0.
 */
export function noMixup(count: number): Mixup {
  return {
    mixWeights: new Float32Array(count).fill(1),
    permutation: Int32Array.from({ length: count }, (_, i) => i),
  };
}

/** Jöhnk's rejection (1964), in logarithms because U ^ (1 / alpha) leaves the range of numbers for small alpha. */
function drawSymmetricBeta(alpha: number, random: Random): number {
  for (;;) {
    const logX = Math.log(1 - random.next()) / alpha;
    const logY = Math.log(1 - random.next()) / alpha;
    if (Math.exp(logX) + Math.exp(logY) <= 1) return 1 / (1 + Math.exp(logY - logX));
  }
}

/**
 * Target distributions of a group of examples.
 *
 * @param options.labels [n] class of each, in [0, classes).
 * @param options.classes Number of classes, K.
 * @param options.smoothing Share of each target spread evenly over all classes, in [0, 1].
 * @param options.mixWeights [n] share of the example itself, see `drawMixup`. Default: all 1.
 * @param options.permutation [n] index of each one's partner. Default: itself.
 * @returns [n, classes], each row sums to 1.
 */
export function softTargets(options: {
  labels: ArrayLike<number>;
  classes: number;
  smoothing: number;
  mixWeights?: ArrayLike<number>;
  permutation?: ArrayLike<number>;
}): Float32Array {
  const { labels, classes, smoothing, mixWeights, permutation } = options;
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  for (let i = 0; i < labels.length; i++) {
    const weight = mixWeights?.[i] ?? 1;
    targets[i * classes + labels[i]!]! += (1 - smoothing) * weight;
    const partner = permutation?.[i] ?? i;
    targets[i * classes + labels[partner]!]! += (1 - smoothing) * (1 - weight);
  }
  return targets;
}
