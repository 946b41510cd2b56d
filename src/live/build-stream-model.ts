// A trained stream net as a model file: from the new samples of a stream, and what was kept of those before, to what is heard
// in its newest frames.

import { divideDim } from "../graph/dims.ts";
import { Graph } from "../graph/graph.ts";
import { writeOnnx } from "../graph/onnx-file.ts";
import { logSoftmax } from "../graph/ops/reduce.ts";
import { netInput } from "../model/architectures.ts";
import { withChecksum } from "../model/file-checksum.ts";
import { inferenceLayers } from "../model/inference-layers.ts";
import type { Weights } from "../model/layers.ts";
import { streamLogMel } from "./stream-front-end.ts";
import type { StreamModelMetadata } from "./stream-metadata.ts";
import { encodeStreamMetadata } from "./stream-metadata.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  NET_DELAY,
  OUTPUT_COUNT,
  STATE_HOP,
  STREAM_LOG_MEL,
} from "./stream-net.ts";
import { createPast } from "./stream-past.ts";

/**
 * From the beginning of the newest frame that is known to the end of the samples. A frame's sound is in the middle of two
 * columns that each are convolved with a neighbour on either side.
 */
export const OUTPUT_DELAY = (NET_DELAY - ANSWER_SHIFT + 1) * STATE_HOP + 1.5 * STREAM_LOG_MEL.hopLength;

/**
 * Builds a model file. Inputs: `samples` [1, n STATE_HOP], mono, 8 kHz, the new ones, n >= 1; and what was kept of the
 * run before, `past_0` and so on. Outputs: `log_probs` [n, OUTPUT_COUNT], the logarithms of the outputs' probabilities in
 * successive frames, the last of which begins OUTPUT_DELAY samples before the end of the samples; `log_mel`
 * [1, nMels, 2 n], the new columns of the spectrogram; `next_past_0` and so on.
 *
 * @param weights Every parameter and statistic of the net.
 * @param metadata What the file says of itself.
 * @returns The bytes of an ONNX file.
 * @throws {ModelFormatError} A weight is missing or of another shape.
 */
export function buildStreamModel(weights: Weights, metadata: StreamModelMetadata): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  const samples = graph.input("samples", [1, "samples"]);
  const past = createPast(graph);
  const spectrogram = streamLogMel(samples, past); // [1, F, 2 n]
  const logits = buildStreamNet(netInput(spectrogram), inferenceLayers(graph, weights), past); // [n, states]
  graph.output("log_probs", logSoftmax(logits), [divideDim("samples", STATE_HOP), OUTPUT_COUNT]);
  graph.output("log_mel", spectrogram);
  const docString =
    "Digits in a stream: new mono samples at 8 kHz to the states of digits in the newest frames.";
  return withChecksum(writeOnnx(graph, { metadata: encodeStreamMetadata(metadata), docString }));
}
