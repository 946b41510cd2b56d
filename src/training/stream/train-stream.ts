// The training of the stream model in a folder of its own: checkpoint, log, curves and the model.

import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { buildStreamModel } from "../../live/build-stream-model.ts";
import { writeWhole } from "../../write-whole.ts";
import { readStartCorpora } from "../start-weights.ts";
import { trainCourse } from "../trainer.ts";
import type { TrainingRunOptions } from "../training-run.ts";
import { trainInFolder } from "../training-run.ts";
import { toWeights } from "../weight-layout.ts";
import type { StreamClips } from "./stream-corpora.ts";
import { STREAM_TRAINING_DATA } from "./stream-corpora.ts";
import type { StreamDecisions, StreamRecipe } from "./stream-recipe.ts";
import { STREAM_DECISIONS } from "./stream-recipe.ts";
import { buildStreamStep } from "./stream-step.ts";
import { createStreamValidator } from "./stream-validation.ts";

/** Where and how the training goes. */
export type StreamTrainingOptions = TrainingRunOptions & {
  /** Written into the model. Default: those of the shipped one. */
  decisions?: StreamDecisions;
};

/**
 * Trains the stream model. Writes `model.onnx`, `log.jsonl`, `curves.svg` and, on the way, `checkpoint.onnx`.
 *
 * @param recipe The settings.
 * @param clips From `readStreamCorpora`.
 * @param options See {@link StreamTrainingOptions}.
 * @returns The model file's bytes.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 */
export async function trainStreamModel(
  recipe: StreamRecipe,
  clips: StreamClips,
  options: StreamTrainingOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const validate = createStreamValidator(ort, recipe, clips.validation);
  const earlier = options.startFrom === undefined ? [] : await readStartCorpora(options.startFrom);
  const corpora = [...new Set([...(clips.corpora ?? []), ...earlier])];
  const weights = await trainInFolder(options, {
    description: "Training the stream model",
    train: (keeping) =>
      trainCourse(recipe, {
        train: clips.train,
        step: buildStreamStep({ batchSize: 1, warpFactors: [1] }),
        validate: (state, layout) => validate(toWeights(state.average, layout)),
        ...keeping,
        corpora,
      }),
  });
  const { decisions = STREAM_DECISIONS } = options;
  const metadata = {
    ...decisions,
    trainingData: STREAM_TRAINING_DATA,
    training: { ...recipe, corpora },
    accuracy: {},
  };
  const model = buildStreamModel(weights, metadata);
  await writeWhole(join(options.folder, "model.onnx"), model);
  return model;
}
