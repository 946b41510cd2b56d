// Batch normalisation.
//
// Reference: Ioffe and Szegedy, Batch Normalization, https://arxiv.org/abs/1502.03167

import type { Value } from "../value.ts";
import { sizeOf, staticShape } from "../value.ts";
import { add, div, max, mul, neg, sqrt, sub } from "./elementwise.ts";
import { reduceMean, reduceSum, reduceSumSquare } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** Added to the variance before its root. */
const BATCH_NORM_EPSILON = 1e-5;

/** Per-channel numbers, each [C]. */
export type BatchNormParameters = { scale: Value; bias: Value };

/** Mean and (population) variance of each channel, each [C]. */
export type ChannelStatistics = { mean: Value; variance: Value };

/**
 * Batch normalisation by statistics known beforehand, without a gradient.
 *
 * @param x [B, C, H, W].
 * @param parameters Scale and bias, [C].
 * @param statistics Mean and variance, [C].
 */
export function batchNorm(x: Value, parameters: BatchNormParameters, statistics: ChannelStatistics): Value {
  const inputs = [x, parameters.scale, parameters.bias, statistics.mean, statistics.variance];
  return emitBatchNorm(inputs, BATCH_NORM_EPSILON);
}

/**
 * Batch normalisation by the statistics of the batch itself.
 *
 * @param x [B, C, H, W], known.
 * @param parameters Scale and bias, [C].
 * @returns The normalised tensor, and the statistics it was normalised by.
 */
export function batchNormTraining(
  x: Value,
  parameters: BatchNormParameters,
): { y: Value; statistics: ChannelStatistics } {
  const shape = staticShape(x, "batchNormTraining");
  const axes = [0, 2, 3];
  const count = x.graph.scalar(sizeOf(axes.map((axis) => shape[axis]!)));
  const mean = reduceMean(x, { axes });
  const meanSquare = div(reduceSumSquare(x, { axes }), count);
  const variance = max(sub(meanSquare, mul(mean, mean)), x.graph.scalar(0));
  const y = emitBatchNorm([x, parameters.scale, parameters.bias, mean, variance], BATCH_NORM_EPSILON);
  const inputs = [x, parameters.scale, parameters.bias];
  x.graph.record(inputs, [y], ([d]) => backward(d!, { x, scale: parameters.scale, mean, variance, count }));
  return { y, statistics: { mean, variance } };
}

type Saved = { x: Value; scale: Value; mean: Value; variance: Value; count: Value };

// With x' = (x - mean) / deviation and n elements a channel:
//   d bias = sum d,  d scale = sum d x',  d x = scale / deviation (d - d bias / n - x' d scale / n),
// the last written as a d + b x + c with a, b, c per channel, so that each big tensor is read once.
function backward(d: Value, { x, scale, mean, variance, count }: Saved): Value[] {
  const { graph } = x;
  const deviation = sqrt(add(variance, graph.scalar(BATCH_NORM_EPSILON)));
  const biasGradient = reduceSum(d, { axes: [0, 2, 3] });
  const products = reduceSum(mul(d, x), { axes: [0, 2, 3] });
  const scaleGradient = div(sub(products, mul(mean, biasGradient)), deviation);
  const a = div(scale, deviation);
  const b = neg(div(mul(a, scaleGradient), mul(deviation, count)));
  const c = neg(add(div(mul(a, biasGradient), count), mul(b, mean)));
  const channels = Number(x.shape[1]);
  const scaled = mul(d, reshape(a, [1, channels, 1, 1]));
  return [add(scaled, scaleAndShift(x, b, c)), scaleGradient, biasGradient];
}

/** scale x + shift per channel: one pass over x, as a batch normalisation of mean 0 and variance 1. */
function scaleAndShift(x: Value, scale: Value, shift: Value): Value {
  const channels = Number(x.shape[1]);
  const zeros = x.graph.constant(new Float32Array(channels));
  const ones = x.graph.constant(new Float32Array(channels).fill(1));
  return emitBatchNorm([x, scale, shift, zeros, ones], 0);
}

function emitBatchNorm(inputs: readonly Value[], epsilon: number): Value {
  const [x] = inputs as [Value];
  const results = [{ type: x.type, shape: x.shape }];
  return x.graph.add("BatchNormalization", inputs, results, { epsilon: { float: epsilon } })[0]!;
}
