// The training of the stream model in a folder of its own: checkpoint, log, curves and the model.

import { join } from "node:path";
import * as ort from "onnxruntime-node";
import type { ClipsByRole } from "../../corpus/dataset.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { writeWhole } from "../../write-whole.ts";
import { loadStartWeights } from "../start-weights.ts";
import type { RunData, RunOptions } from "../training-run.ts";
import { corporaOf, runTraining } from "../training-run.ts";
import { toWeights, weightLayout } from "../weight-layout.ts";
import { hardPlaces, realign } from "./align-states.ts";
import { fluentClip } from "./fluent-clip.ts";
import { createFrameScorer } from "./frame-scorer.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { streamTask } from "./stream-task.ts";

/** Where and how the training goes. */
export type StreamTrainingOptions = RunOptions & {
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
 * @param data From `streamRunData`.
 * @param options See {@link StreamTrainingOptions}.
 * @returns The model file's bytes.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 * @throws {InvalidArgumentError} `realign` without a net to start from.
 * @throws {TrainingRunError} `run-exists`, `run-in-use`: the folder is not free.
 */
export async function trainStreamModel(
  recipe: StreamRecipe,
  data: RunData,
  { realign: isRealigned = false, ...options }: StreamTrainingOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { startFrom } = options;
  if (isRealigned && startFrom === undefined) {
    throw new InvalidArgumentError("trainStreamModel: realign needs a net to start from");
  }
  const prepare = (clips: ClipsByRole) => realigned(clips, recipe, startFrom!);
  const weights = await runTraining(recipe, { ...data, ...(isRealigned && { prepare }) }, options);
  const corpora = await corporaOf(data, startFrom);
  const model = streamTask(recipe).buildModel(weights, { training: { ...recipe, corpora } });
  await writeWhole(join(options.folder, "model.onnx"), model);
  return model;
}

async function realigned(clips: ClipsByRole, recipe: StreamRecipe, startFrom: string): Promise<ClipsByRole> {
  const { fluent } = clips;
  if (!fluent?.said) return clips;
  const layout = weightLayout(streamTask(recipe).buildStep());
  const scorer = await createFrameScorer(ort, toWeights(await loadStartWeights(startFrom, layout), layout));
  const said: (typeof fluent.said)[number][] = [];
  for (const [i, samples] of fluent.samples.entries()) {
    const logProbs = await scorer.score(samples);
    const stretches = realign(fluentClip(fluent.said[i]!, samples).stretches, logProbs);
    said.push({ ...fluent.said[i]!, stretches, hard: hardPlaces(stretches, logProbs) });
  }
  await scorer.release();
  return { ...clips, fluent: { ...fluent, said } };
}
