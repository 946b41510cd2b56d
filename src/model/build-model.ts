// A trained net as a model file: the whole way from raw samples to logits in one graph.

import { Graph } from "../graph/graph.ts";
import { writeOnnx } from "../graph/onnx-file.ts";
import { reduceMean } from "../graph/ops/reduce.ts";
import { reshape, slice } from "../graph/ops/shape.ts";
import { architecture, CLASS_COUNT, netInput } from "./architectures.ts";
import { inferenceLayers } from "./inference-layers.ts";
import type { Weights } from "./layers.ts";
import { frameCount, logMelsThroughWarps, normaliseLevel } from "./log-mel.ts";
import { withChecksum } from "./model-file.ts";
import { encodeMetadata, type ModelMetadata } from "./model-metadata.ts";
import { loudestWindows } from "./window-graph.ts";

/**
 * Builds a model file. Input: `input_values` [batch, samples], mono, 8 kHz, any length. Outputs: `logits`
 * [batch, CLASS_COUNT] and `log_mel` [batch, nMels, nFrames], the spectrogram of the window.
 *
 * @param weights Every parameter and statistic of the architecture.
 * @param metadata What the file says of itself; its `architecture` decides the net.
 * @returns The bytes of an ONNX file.
 * @throws {InvalidArgumentError} The architecture is unknown.
 * @throws {ModelFormatError} A weight is missing or of another shape.
 */
export function buildModel(weights: Weights, metadata: ModelMetadata): Uint8Array<ArrayBuffer> {
  const { build, logMel, testTimeWarps } = architecture(metadata.architecture);
  const graph = new Graph();
  const samples = graph.input("input_values", ["batch", "samples"]);
  const windows = normaliseLevel(loudestWindows(samples));
  const shape = [logMel.nMels, frameCount(logMel)]; // F, T
  const warps = [1, ...testTimeWarps.filter((warp) => warp !== 1)];
  const spectrograms = logMelsThroughWarps(windows, logMel, warps); // [B, W, F, T]
  const box = (first: number, end: number) =>
    slice(spectrograms, { axes: [1], starts: [first], ends: [end] });
  const warped = reshape(box(warps.length - testTimeWarps.length, warps.length), ["warped", ...shape]); // [B V, F, T]
  const outputs = build(netInput(warped), inferenceLayers(graph, weights)); //                           [B V, K]
  const byWarp = reshape(outputs, ["batch", testTimeWarps.length, CLASS_COUNT]); //                      [B, V, K]
  graph.output("logits", reduceMean(byWarp, { axes: [1] }), ["batch", CLASS_COUNT]);
  graph.output("log_mel", reshape(box(0, 1), ["batch", ...shape]), ["batch", ...shape]);
  const docString = "Spoken digits: mono samples at 8 kHz to the logits of 0-9 and none.";
  return withChecksum(writeOnnx(graph, { metadata: encodeMetadata(metadata), docString }));
}
