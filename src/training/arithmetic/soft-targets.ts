// Label smoothing (Szegedy et al., Rethinking the Inception Architecture, 2016) and mixup in one target.

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
