// The training of the stream model in a folder of its own: checkpoint, log, curves and the model.

import { join } from "node:path";
import { writeWhole } from "../../write-whole.ts";
import type { RunData, RunOptions } from "../training-run.ts";
import { corporaOf, runTraining } from "../training-run.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { streamTask } from "./stream-task.ts";

/**
 * Trains the stream model. Writes `model.onnx`, `log.jsonl`, `curves.svg` and, on the way, `checkpoint.onnx`.
 *
 * @param recipe The settings.
 * @param data From `streamRunData`.
 * @param options See {@link RunOptions}.
 * @returns The model file's bytes.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 */
export async function trainStreamModel(
  recipe: StreamRecipe,
  data: RunData,
  options: RunOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const weights = await runTraining(recipe, data, options);
  const corpora = await corporaOf(data, options.startFrom);
  const model = streamTask(recipe).buildModel(weights, { training: { ...recipe, corpora } });
  await writeWhole(join(options.folder, "model.onnx"), model);
  return model;
}
