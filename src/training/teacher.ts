// Distillation (Hinton et al., https://arxiv.org/abs/1503.02531): a trained model tells a net in training how likely each
// answer is, which says more of an example than its label does.

import type { OnnxRuntime } from "../graph/program.ts";
import { CLASS_COUNT } from "../model/architectures.ts";
import { createClassifier } from "../model/classifier.ts";
import { SAMPLE_RATE, WINDOW_SAMPLES } from "../model/log-mel.ts";
import type { TrainingBatch } from "./arithmetic/training-batch.ts";

/** Softens the targets of batches. */
export type Teacher = {
  /**
   * Moves the targets of a batch, already mixed, towards the teacher's answers to its windows, mixed alike.
   *
   * @param batch One group of mixup; `targets` is changed, its rows still sum to 1.
   */
  softenInPlace(batch: TrainingBatch): Promise<void>;
  release(): Promise<void>;
};

/**
 * Prepares a teacher. It hears what the net hears but for warp and masks.
 *
 * @param ort The runtime.
 * @param model A classifier's file.
 * @param share Of the teacher in the targets, 0..1.
 * @throws {ModelFormatError} The file is none of ours, or damaged.
 */
export async function createTeacher(ort: OnnxRuntime, model: Uint8Array, share: number): Promise<Teacher> {
  const classifier = await createClassifier(ort, model);
  return {
    async softenInPlace({ samples, mixWeights, permutation, targets }) {
      const windows = Array.from(mixWeights, (_, i) =>
        samples.slice(i * WINDOW_SAMPLES, (i + 1) * WINDOW_SAMPLES),
      );
      const answers = await classifier.classifyBatch(windows, { sampleRate: SAMPLE_RATE });
      const rows = answers.map(({ probs, noneProb }) => [...probs, noneProb]);
      for (let i = 0; i < rows.length; i++) {
        const [own, partner, weight] = [rows[i]!, rows[permutation[i]!]!, mixWeights[i]!];
        for (let k = 0; k < CLASS_COUNT; k++) {
          const answer = weight * own[k]! + (1 - weight) * partner[k]!;
          const at = i * CLASS_COUNT + k;
          targets[at] = (1 - share) * targets[at]! + share * answer;
        }
      }
    },
    release: () => classifier.release(),
  };
}
