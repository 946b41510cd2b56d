// The training of the stream model in a folder of its own: checkpoint, log, curves and the model.

import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { InvalidArgumentError } from "../../errors.ts";
import { buildStreamModel } from "../../live/build-stream-model.ts";
import { writeWhole } from "../../write-whole.ts";
import type { TrainingClips } from "../group-step.ts";
import { loadStartWeights, readStartCorpora } from "../start-weights.ts";
import type { StepGraph } from "../step-graph.ts";
import { trainCourse } from "../trainer.ts";
import type { TrainingRunOptions } from "../training-run.ts";
import { trainInFolder } from "../training-run.ts";
import { toWeights, weightLayout } from "../weight-layout.ts";
import { hardPlaces, realign } from "./align-states.ts";
import type { FluentClip } from "./fluent-clip.ts";
import { createFrameScorer, type FrameScorer } from "./frame-scorer.ts";
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
  /**
   * Whether the net that training starts from tells first where the digits of fluent speech are, and what of it is hard for
   * it. Default: the tables of words tell.
   */
  realign?: boolean;
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
  const step = buildStreamStep({ batchSize: 1, warpFactors: [1] });
  const train = options.realign ? await realignedClips(clips.train, step, options.startFrom) : clips.train;
  const weights = await trainInFolder(options, {
    description: "Training the stream model",
    train: (keeping) =>
      trainCourse(recipe, {
        train,
        step,
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

async function realignedClips(
  clips: TrainingClips,
  step: StepGraph,
  startFrom: string | undefined,
): Promise<TrainingClips> {
  if (startFrom === undefined) {
    throw new InvalidArgumentError("trainStreamModel: realign needs a net to start from");
  }
  const layout = weightLayout(step);
  const scorer = await createFrameScorer(ort, toWeights(await loadStartWeights(startFrom, layout), layout));
  const fluent: FluentClip[] = [];
  for (const clip of clips.fluent ?? []) fluent.push(await realignClip(clip, scorer));
  await scorer.release();
  return { ...clips, fluent };
}

async function realignClip(clip: FluentClip, scorer: FrameScorer): Promise<FluentClip> {
  const logProbs = await scorer.score(clip.samples);
  const stretches = realign(clip.stretches, logProbs);
  return { ...clip, stretches, hard: hardPlaces(stretches, logProbs) };
}
