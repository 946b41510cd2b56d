// A look at how far the training of the stream model is: windows made from speakers that are not trained on.

import type { ClipsByRole } from "../../corpus/dataset.ts";
import { Graph } from "../../graph/graph.ts";
import type { OnnxRuntime } from "../../graph/program.ts";
import { compile } from "../../graph/program.ts";
import { buildStreamNet, OUTPUT_COUNT, STREAM_LOG_MEL } from "../../live/stream-net.ts";
import { netInput } from "../../model/architectures.ts";
import { inferenceLayers } from "../../model/inference-layers.ts";
import type { Weights } from "../../model/layers.ts";
import { logMelAtLevel } from "../../model/log-mel.ts";
import { createGroupDrawer } from "./stream-group.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { raisedWindows } from "./stream-step.ts";

const GROUPS = 6;
// Of a sequence of draws that training does not come to.
const FIRST_STEP = 1_000_000_000;

/**
 * Prepares looks at the same windows each time.
 *
 * @param ort The runtime.
 * @param recipe The settings; the windows are made as those of training, without masks.
 * @param data Recordings that are not trained on.
 * @returns From weights to the share of frames whose likeliest state is the right one, 0..1; undefined without recordings.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function createStreamValidator(
  ort: OnnxRuntime,
  recipe: StreamRecipe,
  data: ClipsByRole,
): (weights: Weights) => Promise<number | undefined> {
  if (!data.digits || data.digits.samples.length === 0) return async () => undefined;
  const draw = createGroupDrawer(recipe, data);
  return async (weights) => {
    const program = await compile(ort, buildWindowNet(weights, recipe.groupSize));
    const counts = { right: 0, all: 0 };
    for (let group = 0; group < GROUPS; group++) {
      const { samples, gains, targets } = draw(FIRST_STEP + group, 0);
      const { logits } = await program.run({ samples, gains });
      countRight(logits as Float32Array, targets, counts);
    }
    await program.release();
    return counts.right / counts.all;
  };
}

function buildWindowNet(weights: Weights, batchSize: number): Graph {
  const graph = new Graph();
  const spectrogram = logMelAtLevel(raisedWindows(graph, batchSize), STREAM_LOG_MEL);
  graph.output("logits", buildStreamNet(netInput(spectrogram), inferenceLayers(graph, weights)));
  return graph;
}

function countRight(
  logits: Float32Array,
  targets: Float32Array,
  counts: { right: number; all: number },
): void {
  for (let start = 0; start < targets.length; start += OUTPUT_COUNT) {
    const wanted = highest(targets.subarray(start, start + OUTPUT_COUNT));
    if (targets[start + wanted] === 0) continue;
    counts.all++;
    if (highest(logits.subarray(start, start + OUTPUT_COUNT)) === wanted) counts.right++;
  }
}

const highest = (row: Float32Array) =>
  row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity));
