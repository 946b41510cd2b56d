// The training of the net that finds digits in streams.

import * as ort from "onnxruntime-node";
import { buildStreamModel } from "../../live/build-stream-model.ts";
import { warpFactors } from "../arithmetic/vocal-tract-warp.ts";
import type { Task } from "../task.ts";
import { STREAM_TRAINING_DATA } from "./stream-corpora.ts";
import { createGroupDrawer } from "./stream-group.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { STREAM_DECISIONS } from "./stream-recipe.ts";
import { buildStreamStep } from "./stream-step.ts";
import { createStreamValidator } from "./stream-validation.ts";

/** The task of the stream model. @param recipe Its recipe. */
export function streamTask(recipe: StreamRecipe): Task {
  return {
    buildStep: () =>
      buildStreamStep({ batchSize: recipe.groupSize, warpFactors: warpFactors(recipe.augmentation) }),
    createDrawer: async (_, { clips }) => ({
      draw: createGroupDrawer(recipe, clips),
      release: async () => undefined,
    }),
    createValidator: (clips) => createStreamValidator(ort, recipe, clips),
    buildModel: (weights, { training, trainingData = STREAM_TRAINING_DATA, accuracy = {} }) =>
      buildStreamModel(weights, { ...STREAM_DECISIONS, training, trainingData, accuracy }),
  };
}
