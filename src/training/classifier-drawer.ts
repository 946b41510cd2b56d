// The micro-batches that a classifier learns from: words in windows, augmented and mixed, and what a teacher says of them.
// Distillation: Hinton et al., https://arxiv.org/abs/1503.02531.

import type { OnnxRuntime } from "../graph/program.ts";
import { architecture, CLASS_COUNT } from "../model/architectures.ts";
import { createClassifier } from "../model/classifier.ts";
import { frameCount, SAMPLE_RATE, WINDOW_SAMPLES } from "../model/log-mel.ts";
import { createBatchSource } from "./arithmetic/batch-source.ts";
import { allocateBatch, drawBatch, type TrainingBatch } from "./arithmetic/draw-batch.ts";
import type { ClassifierRecipe } from "./recipe.ts";
import type { BatchDrawer, TrainingData } from "./task.ts";

/**
 * Prepares the drawing of micro-batches.
 *
 * @param ort Runs the teacher.
 * @param recipe The settings.
 * @param data Clips to draw from, and a teacher where there is one.
 * @throws {InvalidArgumentError} There are no digits, or a setting of the augmentation is out of range.
 * @throws {ModelFormatError} The teacher is no model of this package, or damaged.
 */
export async function createClassifierDrawer(
  ort: OnnxRuntime,
  recipe: ClassifierRecipe,
  data: TrainingData,
): Promise<BatchDrawer> {
  const { groupSize, batchSize, seed, augmentation, distillationWeight } = recipe;
  const { logMel } = architecture(recipe.architecture);
  const source = createBatchSource({ data: data.clips, seed, settings: augmentation });
  const teacher = data.teacher && (await createTeacher(ort, data.teacher, distillationWeight));
  const shape = { nMels: logMel.nMels, nFrames: frameCount(logMel) };
  const batch = allocateBatch({ count: groupSize, ...shape });
  return {
    async draw(step, group) {
      const from = group * groupSize;
      const to = from + groupSize;
      drawBatch(source, { step, batchSize, groupSize, from, to, ...shape, into: batch });
      await teacher?.softenInPlace(batch);
      return {
        samples: batch.samples,
        warp_index: batch.warpIndex,
        masks: batch.masks,
        mix_weights: batch.mixWeights,
        permutation: batch.permutation,
        targets: batch.targets,
      };
    },
    release: async () => teacher?.release(),
  };
}

/** A trained model that tells a net in training how likely each class is, which says more than the label does. */
type Teacher = {
  /**
   * Moves the targets of a batch, already mixed, towards the teacher's predictions for its windows, mixed alike.
   *
   * @param batch One group of mixup; `targets` is changed, its rows still sum to 1.
   */
  softenInPlace(batch: TrainingBatch): Promise<void>;
  release(): Promise<void>;
};

/**
 * Prepares a teacher. It gets what the net gets but for warp and masks.
 *
 * @param ort The runtime.
 * @param model A classifier's file.
 * @param weight Of the teacher in the targets, 0..1.
 * @throws {ModelFormatError} The file is none of ours, or damaged.
 */
export async function createTeacher(ort: OnnxRuntime, model: Uint8Array, weight: number): Promise<Teacher> {
  const classifier = await createClassifier(ort, model);
  return {
    async softenInPlace({ samples, mixWeights, permutation, targets }) {
      const windows = Array.from(mixWeights, (_, i) =>
        samples.slice(i * WINDOW_SAMPLES, (i + 1) * WINDOW_SAMPLES),
      );
      const predictions = await classifier.classifyBatch(windows, { sampleRate: SAMPLE_RATE });
      const rows = predictions.map(({ probs, noneProb }) => [...probs, noneProb]);
      for (let i = 0; i < rows.length; i++) {
        const [own, partner, share] = [rows[i]!, rows[permutation[i]!]!, mixWeights[i]!];
        for (let k = 0; k < CLASS_COUNT; k++) {
          const prob = share * own[k]! + (1 - share) * partner[k]!;
          const at = i * CLASS_COUNT + k;
          targets[at] = (1 - weight) * targets[at]! + weight * prob;
        }
      }
    },
    release: () => classifier.release(),
  };
}
