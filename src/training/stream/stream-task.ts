// The training of the net that finds digits in streams: its step, what each step is fed, how far it is, and its model file.

import * as ort from "onnxruntime-node";
import type { ClipsByRole } from "../../corpus/dataset.ts";
import { Graph } from "../../graph/graph.ts";
import { compile, type OnnxRuntime } from "../../graph/program.ts";
import { buildStreamModel } from "../../live/build-stream-model.ts";
import { buildStreamNet, OUTPUT_COUNT, STREAM_LOG_MEL, STREAM_WINDOW } from "../../live/stream-net.ts";
import { netInput } from "../../model/architectures.ts";
import { inferenceLayers } from "../../model/inference-layers.ts";
import type { Weights } from "../../model/layers.ts";
import { logMelAtLevel } from "../../model/log-mel.ts";
import { createRandom } from "../../random.ts";
import { drawMaskInto, warpFactors } from "../arithmetic/augment-spectrogram.ts";
import { RANDOM_STREAMS } from "../arithmetic/random-streams.ts";
import type { Task } from "../task.ts";
import { createStringDrawer } from "./draw-string.ts";
import { STREAM_TRAINING_DATA } from "./stream-corpora.ts";
import { STREAM_DECODING, type StreamRecipe } from "./stream-recipe.ts";
import { buildStreamStep, raisedWindows, SPECTROGRAM_FRAMES, WINDOW_FRAMES } from "./stream-step.ts";
import { fillStreamTargets } from "./stream-targets.ts";
import { createStringSource } from "./string-source.ts";

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
      buildStreamModel(weights, { decoding: STREAM_DECODING, training, trainingData, accuracy }),
  };
}

/**
 * What the step's graph is fed, drawn afresh for each step and group into the same arrays.
 *
 * @param recipe The training's settings.
 * @param data Recordings to draw from.
 * @returns From the step and its group, both from 0, to the graph's inputs.
 */
function createGroupDrawer(recipe: StreamRecipe, data: ClipsByRole) {
  const { groupSize, batchSize, seed, augmentation: settings, strings } = recipe;
  const { nMels } = STREAM_LOG_MEL;
  const drawer = createStringDrawer(createStringSource(recipe, data));
  const batch = {
    samples: new Float32Array(groupSize * STREAM_WINDOW),
    gains: new Float32Array(groupSize),
    warp_index: new Int32Array(groupSize),
    masks: new Float32Array(groupSize * nMels * SPECTROGRAM_FRAMES),
    targets: new Float32Array(groupSize * WINDOW_FRAMES * OUTPUT_COUNT),
  };
  const rowOf = (values: Float32Array, row: number) =>
    values.subarray((row * values.length) / groupSize, ((row + 1) * values.length) / groupSize);
  return (step: number, group: number) => {
    for (let row = 0; row < groupSize; row++) {
      const random = createRandom(seed, RANDOM_STREAMS.example, step, (group * groupSize + row) % batchSize);
      const stretches = drawer.drawInto(random, rowOf(batch.samples, row));
      const targets = { length: STREAM_WINDOW, smoothing: strings.labelSmoothing };
      fillStreamTargets(stretches, targets, rowOf(batch.targets, row));
      batch.gains[row] = 10 ** (random.uniform(...strings.raisedDb) / 20);
      batch.warp_index[row] = random.integer(0, settings.warpCount);
      drawMaskInto(rowOf(batch.masks, row), { nMels, nFrames: SPECTROGRAM_FRAMES, settings, random });
    }
    return batch;
  };
}

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
function createStreamValidator(
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
