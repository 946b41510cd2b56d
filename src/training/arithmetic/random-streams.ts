// Second word of every key given to createRandom in this folder, so that no two kinds of draw share a stream.

/** Kinds of draw, for keys of the form (seed, stream, ...). */
export const RANDOM_STREAMS = {
  /** (seed, stream, epoch): the order of an epoch. */
  epochOrder: 1,
  /** (seed, stream, step, index in batch): everything about one example. */
  example: 2,
  /** (seed, stream, step): whether a batch is mixed. */
  batchMixup: 3,
  /** (seed, stream, step, group): partners and weights of mixup. */
  groupMixup: 4,
  /** (seed, stream, index): one buffer of coloured noise. */
  colouredNoise: 5,
  /** (seed, stream, index): one room response. */
  roomResponse: 6,
  /** (seed, stream, index): one parameter before training. */
  initialWeights: 7,
  /** (seed, stream, step, group, layer): one dropout mask. */
  dropout: 8,
  /** (seed, stream, index): one made-up tone. */
  tones: 9,
  /** (seed, stream, index): one made-up piece of music. */
  music: 10,
} as const;
