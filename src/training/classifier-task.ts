import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import type { ClipsByRole } from "../corpus/dataset.ts";
import { architecture } from "../model/architectures.ts";
import { buildModel } from "../model/build-model.ts";
import { createClassifier } from "../model/classifier.ts";
import type { Weights } from "../model/layers.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { warpFactors } from "./arithmetic/augment-spectrogram.ts";
import type { ClassifierRecipe } from "./recipe.ts";
import { buildStepGraph } from "./step-graph.ts";
import type { Task, TrainingDescription } from "./task.ts";

/** The task of a classifier. @param recipe Its recipe. */
export function classifierTask(recipe: ClassifierRecipe): Task {
  return {
    buildStep: () =>
      buildStepGraph(architecture(recipe.architecture), {
        batchSize: recipe.groupSize,
        warpFactors: warpFactors(recipe.augmentation),
      }),
    async createDrawer(ort, data) {
      const { createClassifierDrawer } = await import("./classifier-drawer.ts");
      return createClassifierDrawer(ort, recipe, data);
    },
    createValidator: (clips) => (weights) => validate(recipe, clips, weights),
    buildModel: (weights, description) => buildClassifier(recipe, weights, description),
  };
}

/** Share of clips that are given their digit as the most likely of the ten. */
async function validate(
  recipe: ClassifierRecipe,
  { digits }: ClipsByRole,
  weights: Weights,
): Promise<number | undefined> {
  if (!digits || digits.samples.length === 0) return undefined;
  const bytes = buildClassifier(recipe, weights, { training: {} });
  const classifier = await createClassifier(ort, bytes, { threads: availableParallelism() });
  const predictions = await classifier.classifyBatch(digits.samples, { sampleRate: SAMPLE_RATE });
  await classifier.release();
  const right = predictions.filter(({ topDigit }, i) => topDigit === digits.labels[i]);
  return right.length / predictions.length;
}

function buildClassifier(
  { architecture, threshold }: ClassifierRecipe,
  weights: Weights,
  { training, trainingData = "", accuracy = {}, operatingPoints }: TrainingDescription,
): Uint8Array<ArrayBuffer> {
  const described = { trainingData, training, accuracy, ...(operatingPoints && { operatingPoints }) };
  return buildModel(weights, { architecture, threshold, ...described });
}
