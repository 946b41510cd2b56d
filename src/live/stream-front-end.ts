// The front end of a stream: samples to a log-mel spectrogram in which each column is divided by the level of the stream at
// that time. Frames outside of a piece come from the past.

import { divideDim, shiftDim } from "../graph/dims.ts";
import { div, max, mul } from "../graph/ops/elementwise.ts";
import { reduceSumSquare } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Value } from "../graph/value.ts";
import { floorAndLog, MIN_RMS, melPower } from "../model/log-mel.ts";
import type { Past } from "./stream-net.ts";
import { STREAM_LOG_MEL, STREAM_WINDOW } from "./stream-net.ts";

const { hopLength, winLength } = STREAM_LOG_MEL;

/** Columns of the spectrogram over which the level is taken. */
const LEVEL_COLUMNS = STREAM_WINDOW / hopLength;

/**
 * The spectrogram of a piece of a stream.
 *
 * @param samples [1, n hopLength], the new ones.
 * @param past What came before.
 * @returns [1, nMels, n]: column i is of the winLength samples that end with the i-th hopLength new ones, divided by the
 * level there, the RMS of the STREAM_WINDOW samples that end there.
 */
export function streamLogMel(samples: Value, past: Past): Value {
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
