// A look at the validation part during training.

import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { buildModel } from "../model/build-model.ts";
import { createClassifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { ModelMetadata } from "../model/model-metadata.ts";
import type { TrainingState } from "./checkpoint.ts";
import type { TrainingClips } from "./group-step.ts";
import type { Recipe } from "./recipe.ts";
import type { WeightLayout } from "./weight-layout.ts";
import { toWeights } from "./weight-layout.ts";

/**
 * Share of clips that the moving average of the weights answers rightly, by the best of the ten digits.
 *
 * @param recipe The settings.
 * @param data Clips and their digits; may be none.
 * @param at.state The training as it stands.
 * @param at.layout Where each tensor lies.
 * @returns 0..1, or undefined without clips.
 */
export async function validate(
  recipe: Recipe,
  data: TrainingClips,
  at: { state: TrainingState; layout: WeightLayout },
): Promise<number | undefined> {
  const { clips, labels } = data;
  if (clips.length === 0) return undefined;
  const bytes = buildModel(toWeights(at.state.average, at.layout), untestedMetadata(recipe));
  const classifier = await createClassifier(ort, bytes, { threads: availableParallelism() });
  const predictions = await classifier.classifyBatch(clips, { sampleRate: SAMPLE_RATE });
  await classifier.release();
  return predictions.filter(({ topDigit }, i) => topDigit === labels[i]).length / clips.length;
}

/** Metadata of a model that has not been tested yet. @param recipe Its recipe. @param trainingData In words. */
export function untestedMetadata(recipe: Recipe, trainingData = ""): ModelMetadata {
  const { architecture, threshold, ...training } = recipe;
  return { architecture, threshold, trainingData, training, accuracy: {} };
}
