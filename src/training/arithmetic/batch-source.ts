// All that batches are drawn from, checked once and made alike in every worker.

import type { ClipsByRole, Role } from "../../corpus/dataset.ts";
import { InvalidArgumentError } from "../../errors.ts";
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
 * @throws {InvalidArgumentError} There is no digit, or a setting is out of range.
 */
export function createBatchSource(options: {
  data: ClipsByRole;
  seed: number;
  settings: AugmentationSettings;
}): BatchSource {
  const { data, seed, settings } = options;
  checkAugmentationSettings(settings);
  const { samples: clips = [], labels = [], speakers } = data.digits ?? {};
  // Batches are drawn until they are full.
  if (clips.length === 0)
    throw new InvalidArgumentError("createBatchSource: digits must hold at least one clip, got none");
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
