// A trained stream net as a model file: from the samples of a window to what is heard in its newest frames.

import { Graph } from "../graph/graph.ts";
import { writeOnnx } from "../graph/onnx-file.ts";
import { logSoftmax } from "../graph/ops/reduce.ts";
import { slice } from "../graph/ops/shape.ts";
import { netInput } from "../model/architectures.ts";
import { inferenceLayers } from "../model/inference-layers.ts";
import type { Weights } from "../model/layers.ts";
import { logMelAtLevel, normaliseLevel } from "../model/log-mel.ts";
import { sealModel } from "../model/seal.ts";
import type { StreamModelMetadata } from "./stream-metadata.ts";
import { encodeStreamMetadata } from "./stream-metadata.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  RECEPTIVE_RADIUS,
  STATE_COUNT,
  STATE_HOP,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "./stream-net.ts";

/** Frames that one run of a model answers. */
export const FRAMES_PER_RUN = 2;

/** Frames of the net's answer that are needed around those: everything that they depend on. */
const SEEN_FRAMES = FRAMES_PER_RUN - 1 + 2 * Math.ceil(RECEPTIVE_RADIUS / STATE_HOP - 0.5) + 1;
const FIRST_FRAME = (SEEN_FRAMES - FRAMES_PER_RUN) / 2;

/** From the beginning of the first frame answered to the end of the window, in samples. */
export const ANSWER_DELAY = (SEEN_FRAMES - FIRST_FRAME - ANSWER_SHIFT) * STATE_HOP;

/**
 * Builds a model file. Input: `samples` [1, STREAM_WINDOW], mono, 8 kHz, the newest last. Output: `log_probs`
 * [FRAMES_PER_RUN, STATE_COUNT], the logarithms of the states' probabilities in successive frames, the first of which
 * begins ANSWER_DELAY samples before the window's end.
 *
 * @param weights Every parameter and statistic of the net.
 * @param metadata What the file says of itself.
 * @returns The bytes of an ONNX file.
 * @throws {ModelFormatError} A weight is missing or of another shape.
 */
export function buildStreamModel(weights: Weights, metadata: StreamModelMetadata): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  const levelled = normaliseLevel(graph.input("samples", [1, STREAM_WINDOW]));
  const seen = SEEN_FRAMES * STATE_HOP;
  const newest = slice(levelled, { axes: [1], starts: [STREAM_WINDOW - seen], ends: [STREAM_WINDOW] });
  const spectrogram = logMelAtLevel(newest, STREAM_LOG_MEL); // [1, F, T]
  const logits = buildStreamNet(netInput(spectrogram), inferenceLayers(graph, weights)); // [T/2, states]
  const box = { axes: [0], starts: [FIRST_FRAME], ends: [FIRST_FRAME + FRAMES_PER_RUN] };
  graph.output("log_probs", logSoftmax(slice(logits, box)), [FRAMES_PER_RUN, STATE_COUNT]);
  const docString = "Digits in a stream: mono samples at 8 kHz to the states of digits in the newest frames.";
  return sealModel(writeOnnx(graph, { metadata: encodeStreamMetadata(metadata), docString }));
}
