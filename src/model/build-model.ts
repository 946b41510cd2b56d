// A trained net as a model file: the whole way from raw samples to logits in one graph.

import { Graph } from "../graph/graph.ts";
import { writeOnnx } from "../graph/onnx-file.ts";
import { architecture, CLASS_COUNT, netInput } from "./architectures.ts";
import { inferenceLayers } from "./inference-layers.ts";
import type { Weights } from "./layers.ts";
import { frameCount, logMel } from "./log-mel.ts";
import type { ModelMetadata } from "./model-metadata.ts";
import { encodeMetadata } from "./model-metadata.ts";
import { sealModel } from "./seal.ts";
import { loudestWindows } from "./window-graph.ts";

/**
 * Builds a model file. Input: `input_values` [batch, samples], mono, 8 kHz, any length. Outputs: `logits`
 * [batch, CLASS_COUNT] and `log_mel` [batch, nMels, nFrames], the spectrogram of the window looked at.
 *
 * @param weights Every parameter and statistic of the architecture.
 * @param metadata What the file says of itself; its `architecture` decides the net.
 * @returns The bytes of an ONNX file.
 * @throws {InvalidArgumentError} The architecture is unknown.
 * @throws {ModelFormatError} A weight is missing or of another shape.
 */
export function buildModel(weights: Weights, metadata: ModelMetadata): Uint8Array<ArrayBuffer> {
  const net = architecture(metadata.architecture);
  const graph = new Graph();
  const samples = graph.input("input_values", ["batch", "samples"]);
  const spectrogram = logMel(loudestWindows(samples), net.logMel); // [B, F, T]
  const logits = net.build(netInput(spectrogram), inferenceLayers(graph, weights)); // [B, K]
  graph.output("logits", logits, ["batch", CLASS_COUNT]);
  graph.output("log_mel", spectrogram, ["batch", net.logMel.nMels, frameCount(net.logMel)]);
  const docString = "Spoken digits: mono samples at 8 kHz to the logits of 0-9 and none.";
  return sealModel(writeOnnx(graph, { metadata: encodeMetadata(metadata), docString }));
}
