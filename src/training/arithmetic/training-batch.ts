import { CLASS_COUNT } from "../../model/architectures.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";

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
