// All that batches are drawn from, checked once and made alike in every worker.

import type { ClipsByRole, Role } from "../../corpus/dataset.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { CLASS_COUNT } from "../../model/architectures.ts";
import { createWaveformAugmenter, type WaveformAugmenter } from "./augment-waveform.ts";
import { type AugmentationSettings, checkAugmentationSettings } from "./augmentation-settings.ts";
import { createNoisePool } from "./noise-pool.ts";
import { createNoneExamples, type NoneExamples } from "./none-examples.ts";
import { createRooms } from "./room-responses.ts";
import { createSpeechPieces } from "./speech-pieces.ts";

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
 * @param options.data Digits, at least one, and what there is of other roles: mono, 8 kHz, finite, none of them empty. Read
 *   in place, not copied. Digits of class 10 ("none") are augmented like any other. Prompts are not used.
 * @param options.seed Of the training.
 * @param options.settings Checked here.
 * @throws {InvalidArgumentError} There is no digit, a clip is empty or not finite, a label is missing or out of range, or
 * a setting is.
 */
export function createBatchSource(options: {
  data: ClipsByRole;
  seed: number;
  settings: AugmentationSettings;
}): BatchSource {
  const { data, seed, settings } = options;
  checkAugmentationSettings(settings);
  const { samples: clips = [], labels = [], speakers } = data.digits ?? {};
  checkLabels(labels, clips.length);
  for (const [role, list] of Object.entries(data)) checkClips(role, list.samples);
  const samplesOf = (role: Role) => data[role]?.samples ?? [];
  const noise = createNoisePool({ seed, clips, recordings: samplesOf("noise"), settings });
  const rooms = createRooms({ seed, settings });
  const negatives = {
    otherWords: samplesOf("negatives"),
    voices: samplesOf("voices"),
    drawPiece: data.fluent && createSpeechPieces(data.fluent),
  };
  return {
    clips,
    labels,
    seed,
    settings,
    augmenter: createWaveformAugmenter({ settings, noise, rooms }),
    none: createNoneExamples({ clips, labels, speakers, ...negatives, noise, settings }),
  };
}

function checkLabels(labels: ArrayLike<number>, count: number): void {
  if (count === 0)
    throw new InvalidArgumentError("createBatchSource: digits must hold at least one clip, got none");
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
