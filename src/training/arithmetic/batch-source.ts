import { InvalidArgumentError } from "../../errors.ts";
import { CLASS_COUNT } from "../../model/architectures.ts";
import { createWaveformAugmenter, type WaveformAugmenter } from "./augment-waveform.ts";
import {
  type AugmentationSettings,
  checkAugmentationSettings,
  DEFAULT_AUGMENTATION,
} from "./augmentation-settings.ts";
import { createNoisePool } from "./noise-pool.ts";
import { createNoneExamples, type NoneExamples } from "./none-examples.ts";
import { createRooms } from "./room-responses.ts";

/** Clips and everything made from them and the seed before the first batch; made alike in every worker. */
export type BatchSource = {
  readonly clips: readonly Float32Array[];
  readonly labels: ArrayLike<number>;
  readonly seed: number;
  readonly settings: AugmentationSettings;
  readonly augmenter: WaveformAugmenter;
  readonly none: NoneExamples;
};

/**
 * Prepares the drawing of batches; takes about a tenth of a second and 10 MB.
 *
 * @param options.clips At least one; mono, 8 kHz, finite, none of them empty. Read in place, not copied.
 * @param options.labels Class of each clip, 0..10. Clips of class 10 ("none") are augmented like any other.
 * @param options.seed Of the training.
 * @param options.settings Default: {@link DEFAULT_AUGMENTATION}.
 * @param options.recordedNoise Recordings of noise, mono, 8 kHz, none of them empty. Default: none.
 * @param options.otherWords Clips of words that are no digits, to draw "none" examples from. Default: none.
 * @param options.voices Speech of many voices that is no digit, for the same. Default: none.
 * @throws {InvalidArgumentError} There is no clip, a clip is empty or not finite, a label is missing or out of range, or
 * a setting is.
 */
export function createBatchSource(options: {
  clips: readonly Float32Array[];
  labels: ArrayLike<number>;
  speakers?: ArrayLike<number>;
  seed: number;
  settings?: AugmentationSettings;
  recordedNoise?: readonly Float32Array[];
  otherWords?: readonly Float32Array[];
  voices?: readonly Float32Array[];
}): BatchSource {
  const {
    clips,
    labels,
    speakers,
    seed,
    settings = DEFAULT_AUGMENTATION,
    recordedNoise = [],
    otherWords = [],
    voices = [],
  } = options;
  checkAugmentationSettings(settings);
  checkLabels(labels, clips.length);
  for (const [name, list] of Object.entries({ clips, recordedNoise, otherWords, voices }))
    checkClips(name, list);
  const noise = createNoisePool({ seed, clips, recordings: recordedNoise, settings });
  const rooms = createRooms({ seed, settings });
  return {
    clips,
    labels,
    seed,
    settings,
    augmenter: createWaveformAugmenter({ settings, noise, rooms }),
    none: createNoneExamples({ clips, labels, speakers, otherWords, voices, noise, settings }),
  };
}

function checkLabels(labels: ArrayLike<number>, count: number): void {
  if (count === 0)
    throw new InvalidArgumentError("createBatchSource: clips must hold at least one clip, got none");
  if (labels.length !== count)
    throw new InvalidArgumentError(
      `createBatchSource: expected ${count} labels, one a clip, got ${labels.length}`,
    );
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= CLASS_COUNT)
      throw new InvalidArgumentError(`createBatchSource: labels[${i}] must be 0..10, got ${label}`);
  }
}

function checkClips(name: string, list: readonly Float32Array[]): void {
  list.forEach((clip, i) => {
    if (clip.length === 0)
      throw new InvalidArgumentError(`createBatchSource: ${name}[${i}] holds no samples`);
    for (let k = 0; k < clip.length; k++)
      if (!Number.isFinite(clip[k]))
        throw new InvalidArgumentError(
          `createBatchSource: ${name}[${i}] must be finite, got ${clip[k]} at ${k}`,
        );
  });
}
