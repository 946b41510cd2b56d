// A trained stream net as a model file: from the new samples of a stream, and what was kept of those before, to what is heard
// in its newest frames.

import { divideDim, shiftDim } from "../graph/dims.ts";
import { Graph } from "../graph/graph.ts";
import { writeOnnx } from "../graph/onnx-file.ts";
import { div, max, mul } from "../graph/ops/elementwise.ts";
import { logSoftmax, reduceSumSquare } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Value } from "../graph/value.ts";
import { netInput } from "../model/architectures.ts";
import { inferenceLayers } from "../model/inference-layers.ts";
import type { Weights } from "../model/layers.ts";
import { floorAndLog, MIN_RMS, melPower } from "../model/log-mel.ts";
import { withChecksum } from "../model/model-file.ts";
import { encodeStreamMetadata, type StreamModelMetadata } from "./stream-metadata.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  NET_DELAY,
  OUTPUT_COUNT,
  type Past,
  STATE_HOP,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "./stream-net.ts";
import { createPast } from "./stream-past.ts";

const { hopLength, winLength } = STREAM_LOG_MEL;

/** Columns of the spectrogram over which the level is taken. */
const LEVEL_COLUMNS = STREAM_WINDOW / hopLength;

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

/**
 * The spectrogram of a piece of a stream; frames outside of it come from the past.
 *
 * @param samples [1, n hopLength], the new ones.
 * @param past What came before.
 * @returns [1, nMels, n]: column i is of the winLength samples that end with the i-th hopLength new ones, divided by the
 * level there, the RMS of the STREAM_WINDOW samples that end there.
 */
function streamLogMel(samples: Value, past: Past): Value {
  const line = past.extend(samples, winLength - hopLength);
  const power = melPower(line, { ...STREAM_LOG_MEL, isPadded: false }); // [1, F, n]
  return floorAndLog(div(power, levels(samples, past)));
}

/** Squares of the level of the stream at each column's end, [1, 1, n]. */
function levels(samples: Value, past: Past): Value {
  const { graph } = samples;
  const columns = reshape(samples, [1, 1, divideDim(samples.shape[1]!, hopLength), hopLength]);
  const sums = past.extend(reduceSumSquare(columns, { axes: [3] }), LEVEL_COLUMNS - 1); // [1, 1, 127 + n]
  const level = mul(movingMean(sums, LEVEL_COLUMNS), graph.scalar(1 / hopLength));
  return max(level, graph.scalar(MIN_RMS ** 2));
}

/** Means of every `count` successive columns. @param x [1, 1, count - 1 + n]. @returns [1, 1, n]. */
function movingMean(x: Value, count: number): Value {
  const shape = [1, 1, shiftDim(x.shape[2]!, 1 - count)];
  const attributes = { kernel_shape: { ints: [count] }, strides: { ints: [1] } };
  return x.graph.add("AveragePool", [x], [{ type: x.type, shape }], attributes)[0]!;
}
