// Mixup (Zhang, Cisse, Dauphin and Lopez-Paz, 2018): an example and its target are both blended with those of a
// partner from the same group, by a weight from Beta(alpha, alpha), here one for each example.

import type { Random } from "../../random.ts";

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
