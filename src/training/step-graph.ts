// One training step as a graph: from augmented windows of samples to the loss and the gradient of every parameter.

import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { add, mul, sub } from "../graph/ops/elementwise.ts";
import { softCrossEntropy } from "../graph/ops/loss.ts";
import { gather, reshape } from "../graph/ops/shape.ts";
import type { Value } from "../graph/value.ts";
import { type Architecture, CLASS_COUNT, netInput } from "../model/architectures.ts";
import { frameCount, logMel, WINDOW_SAMPLES } from "../model/log-mel.ts";
import { type TrainingLayers, trainingLayers } from "./training-layers.ts";
import { gradientName } from "./weight-layout.ts";

/** A step's graph and what has to be fed to it and read from it. */
export type StepGraph = Pick<TrainingLayers, "parameters" | "statistics" | "dropouts"> & { graph: Graph };

/**
 * Builds the step of an architecture. Inputs besides the parameters and dropout masks:
 * `samples` [B, WINDOW_SAMPLES], `warp_index` [B] (int32), `masks` [B, nMels nFrames], `mix_weights` [B],
 * `permutation` [B] (int32), `targets` [B, CLASS_COUNT]. Outputs: `loss`, one gradient per parameter, the statistics.
 *
 * @param net The architecture.
 * @param options.batchSize B, examples per step.
 * @param options.warpFactors Vocal-tract warps that `warp_index` picks from.
 */
export function buildStepGraph(
  net: Architecture,
  options: { batchSize: number; warpFactors: readonly number[] },
): StepGraph {
  const { batchSize, warpFactors } = options;
  const graph = new Graph();
  const layers = trainingLayers(graph);
  const samples = graph.input("samples", [batchSize, WINDOW_SAMPLES]);
  const index = graph.input("warp_index", [batchSize], "int32");
  const spectrogram = logMel(samples, net.logMel, { factors: warpFactors, index }); // [B, F, T]
  const mixed = mixExamples(graph, netInput(spectrogram)); // [B, 1, F, T]
  const logits = net.build(applyMasks(graph, mixed, net), layers); // [B, K]
  const loss = softCrossEntropy(logits, graph.input("targets", [batchSize, CLASS_COUNT]));
  return completeStep(loss, layers);
}

/**
 * Makes a step of a net and its loss: names the outputs `loss`, one gradient per parameter and the statistics.
 *
 * @param loss A scalar.
 * @param layers Those that the net was built with.
 */
export function completeStep(loss: Value, layers: TrainingLayers): StepGraph {
  const { graph } = loss;
  const { parameters, statistics, dropouts } = layers;
  graph.output("loss", loss);
  const values = parameters.map(({ value }) => value);
  for (const [i, gradient] of gradients(loss, values).entries()) {
    graph.output(gradientName(values[i]!.name), gradient);
  }
  for (const { name, value } of statistics) graph.output(name, value);
  return { graph, parameters, statistics, dropouts };
}

/** Mixup (Zhang et al., https://arxiv.org/abs/1710.09412): weight x + (1 - weight) x[permutation]. */
function mixExamples(graph: Graph, x: Value): Value {
  const batchSize = Number(x.shape[0]);
  const weights = reshape(graph.input("mix_weights", [batchSize]), [batchSize, 1, 1, 1]);
  const partners = gather(x, graph.input("permutation", [batchSize], "int32"));
  return add(partners, mul(sub(x, partners), weights));
}

function applyMasks(graph: Graph, x: Value, { logMel: options }: Architecture): Value {
  const batchSize = Number(x.shape[0]);
  const nFrames = frameCount(options);
  const masks = graph.input("masks", [batchSize, options.nMels * nFrames]);
  return mul(x, reshape(masks, [batchSize, 1, options.nMels, nFrames]));
}
