// The training of the stream model in a folder of its own: checkpoint, log, curves and the model.

import { join } from "node:path";
import * as ort from "onnxruntime-node";
import type { ClipsByRole } from "../../corpus/dataset.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { FIRST_FRAME_START } from "../../live/frame-stream.ts";
import { createStreamModel, type StreamModel } from "../../live/stream-model.ts";
import { STATE_HOP } from "../../live/stream-net.ts";
import { writeWhole } from "../../write-whole.ts";
import { readStart } from "../start-weights.ts";
import type { RunData, RunOptions } from "../training-run.ts";
import { corporaOf, runTraining } from "../training-run.ts";
import { toWeights, weightLayout } from "../weight-layout.ts";
import { hardPlaces, realign } from "./align-states.ts";
import { fluentClip } from "./fluent-clip.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { streamTask } from "./stream-task.ts";

/** Frames of a stream that begin before its first sample. */
const LEADING_FRAMES = Math.ceil(-FIRST_FRAME_START / STATE_HOP);

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
  const task = streamTask(recipe);
  const layout = weightLayout(task.buildStep());
  const weights = toWeights((await readStart(startFrom)).weights(layout), layout);
  const model = await createStreamModel(ort, task.buildModel(weights, { training: {} }));
  const said: (typeof fluent.said)[number][] = [];
  for (const [i, samples] of fluent.samples.entries()) {
    const logProbs = await alignedFrames(model, samples);
    const stretches = realign(fluentClip(fluent.said[i]!, samples).stretches, logProbs);
    said.push({ ...fluent.said[i]!, stretches, hard: hardPlaces(stretches, logProbs) });
  }
  await model.release();
  return { ...clips, fluent: { ...fluent, said } };
}

/** What the net hears in each STATE_HOP samples. @param model Of streams. @param samples Mono, 8 kHz. */
export async function alignedFrames(model: StreamModel, samples: Float32Array): Promise<Float32Array[]> {
  const stream = model.openFrames();
  const lead = LEADING_FRAMES * STATE_HOP + FIRST_FRAME_START;
  const frames = [
    ...(await stream.push(new Float32Array(lead))),
    ...(await stream.push(samples)),
    ...(await stream.end()),
  ];
  const end = LEADING_FRAMES + Math.ceil(samples.length / STATE_HOP);
  return frames.slice(LEADING_FRAMES, end).map(({ logProbs }) => logProbs);
}
