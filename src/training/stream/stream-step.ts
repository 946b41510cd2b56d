// One training step of the stream model as a graph: from augmented windows to the loss and the gradient of every parameter.

import { Graph } from "../../graph/graph.ts";
import { mul } from "../../graph/ops/elementwise.ts";
import { softCrossEntropy } from "../../graph/ops/loss.ts";
import { reshape } from "../../graph/ops/shape.ts";
import type { Value } from "../../graph/value.ts";
import {
  buildStreamNet,
  OUTPUT_COUNT,
  STATE_HOP,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "../../live/stream-net.ts";
import { netInput } from "../../model/architectures.ts";
import { logMelAtLevel, normaliseLevel } from "../../model/log-mel.ts";
import type { StepGraph } from "../step-graph.ts";
import { completeStep } from "../step-graph.ts";
import { trainingLayers } from "../training-layers.ts";

/** Frames of the net's answer to a window. */
export const WINDOW_FRAMES = STREAM_WINDOW / STATE_HOP;

/** Frames of its spectrogram: T. */
export const SPECTROGRAM_FRAMES = STREAM_WINDOW / STREAM_LOG_MEL.hopLength;

/**
 * Builds the step. Inputs besides the parameters: `samples` [B, STREAM_WINDOW], `gains` [B], see {@link raisedWindows},
 * `warp_index` [B] (int32), `masks` [B, nMels T], the dropout mask, `targets` [B WINDOW_FRAMES, OUTPUT_COUNT]; a row of zeros has no say.
 * Outputs: `loss`, one gradient per parameter, the statistics.
 *
 * @param options.batchSize B, windows per step.
 * @param options.warpFactors Vocal-tract warps that `warp_index` picks from.
 */
export function buildStreamStep(options: { batchSize: number; warpFactors: readonly number[] }): StepGraph {
  const { batchSize, warpFactors } = options;
  const graph = new Graph();
  const layers = trainingLayers(graph);
  const windows = raisedWindows(graph, batchSize);
  const index = graph.input("warp_index", [batchSize], "int32");
  const spectrogram = logMelAtLevel(windows, STREAM_LOG_MEL, { factors: warpFactors, index }); // [B, F, T]
  const { nMels } = STREAM_LOG_MEL;
  const masks = reshape(graph.input("masks", [batchSize, nMels * SPECTROGRAM_FRAMES]), [
    batchSize,
    1,
    nMels,
    SPECTROGRAM_FRAMES,
  ]);
  const logits = buildStreamNet(mul(netInput(spectrogram), masks), layers); // [B T/2, states]
  const loss = softCrossEntropy(logits, graph.input("targets", [batchSize * WINDOW_FRAMES, OUTPUT_COUNT]));
  return completeStep(loss, layers);
}

/**
 * Windows of training at their level, raised: in a stream the level is that of what came before.
 *
 * @param graph Gets the inputs `samples` [B, STREAM_WINDOW] and `gains` [B], factors.
 * @param batchSize B.
 * @returns [B, STREAM_WINDOW], see `logMelAtLevel`.
 */
export function raisedWindows(graph: Graph, batchSize: number): Value {
  const levelled = normaliseLevel(graph.input("samples", [batchSize, STREAM_WINDOW]));
  return mul(levelled, reshape(graph.input("gains", [batchSize]), [batchSize, 1]));
}
