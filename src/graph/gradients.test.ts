import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { GraphShapeError, InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { gradients } from "./gradients.ts";
import { Graph } from "./graph.ts";
import { conv } from "./ops/conv.ts";
import { add, div, exp, log, mul, neg, relu, sqrt, sub } from "./ops/elementwise.ts";
import { dense, gemm } from "./ops/linear.ts";
import { softCrossEntropy } from "./ops/loss.ts";
import { batchNormTraining } from "./ops/normalization.ts";
import { averagePoolToGrid, maxPool } from "./ops/pool.ts";
import { logSoftmax, reduceMean, reduceSum } from "./ops/reduce.ts";
import { expand, reshape, transpose } from "./ops/shape.ts";
import { compile } from "./program.ts";
import type { Value } from "./value.ts";
import { sizeOf } from "./value.ts";

type Case = {
  name: string;
  shapes: number[][];
  build: (...inputs: Value[]) => Value;
  /** Inputs are drawn from this range. Default: -1..1. */
  range?: [number, number];
};

const batchNorm = (x: Value, scale: Value, bias: Value) => batchNormTraining(x, { scale, bias }).y;

const CASES: Case[] = [
  {
    name: "add, broadcasting both ways",
    shapes: [
      [3, 1, 2],
      [4, 1],
    ],
    build: add,
  },
  { name: "sub, with a scalar", shapes: [[2, 3], []], build: sub },
  { name: "mul, broadcasting", shapes: [[2, 3], [3]], build: mul },
  {
    name: "div, broadcasting",
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: div,
    range: [0.5, 2],
  },
  { name: "neg", shapes: [[5]], build: neg },
  { name: "exp", shapes: [[5]], build: exp },
  { name: "log", shapes: [[5]], build: log, range: [0.5, 2] },
  { name: "sqrt", shapes: [[5]], build: sqrt, range: [0.5, 2] },
  { name: "relu", shapes: [[7]], build: relu },
  { name: "reduceSum", shapes: [[2, 3, 4]], build: (x) => reduceSum(x, { axes: [0, 2] }) },
  {
    name: "reduceSum, keeping dimensions",
    shapes: [[2, 3]],
    build: (x) => reduceSum(x, { axes: [1], keepDims: true }),
  },
  { name: "reduceMean", shapes: [[2, 3, 4]], build: (x) => reduceMean(x, { axes: [1, 2] }) },
  { name: "logSoftmax", shapes: [[3, 5]], build: logSoftmax },
  { name: "reshape", shapes: [[2, 6]], build: (x) => reshape(x, [3, 4]) },
  { name: "transpose", shapes: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) },
  { name: "expand", shapes: [[2, 1, 3]], build: (x) => expand(x, [2, 4, 3]) },
  {
    name: "gemm",
    shapes: [
      [2, 3],
      [3, 4],
    ],
    build: (a, b) => gemm(a, b),
  },
  {
    name: "gemm, first transposed",
    shapes: [
      [3, 2],
      [3, 4],
    ],
    build: (a, b) => gemm(a, b, { transA: true }),
  },
  {
    name: "gemm, second transposed",
    shapes: [
      [2, 3],
      [4, 3],
    ],
    build: (a, b) => gemm(a, b, { transB: true }),
  },
  {
    name: "gemm, both transposed",
    shapes: [
      [3, 2],
      [4, 3],
    ],
    build: (a, b) => gemm(a, b, { transA: true, transB: true }),
  },
  { name: "dense", shapes: [[2, 3], [3, 4], [4]], build: dense },
  {
    name: "conv 3x3",
    shapes: [
      [2, 9, 4, 5],
      [3, 9, 3, 3],
    ],
    build: (x, w) => conv(x, w, { padding: 1 }),
  },
  {
    name: "conv 3x3, one channel",
    shapes: [
      [2, 1, 4, 5],
      [3, 1, 3, 3],
    ],
    build: (x, w) => conv(x, w, { padding: 1 }),
  },
  {
    name: "conv 1x1",
    shapes: [
      [2, 3, 4, 5],
      [4, 3, 1, 1],
    ],
    build: (x, w) => conv(x, w),
  },
  {
    name: "conv 5x5 of stride 2",
    shapes: [
      [2, 2, 7, 8],
      [3, 2, 5, 5],
    ],
    build: (x, w) => conv(x, w, { stride: 2, padding: 2 }),
  },
  {
    name: "conv depthwise",
    shapes: [
      [2, 4, 4, 5],
      [4, 1, 3, 3],
    ],
    build: (x, w) => conv(x, w, { padding: 1, groups: 4 }),
  },
  {
    name: "conv depthwise of stride 2",
    shapes: [
      [2, 4, 5, 6],
      [4, 1, 3, 3],
    ],
    build: (x, w) => conv(x, w, { padding: 1, stride: 2, groups: 4 }),
  },
  {
    name: "conv 3x1",
    shapes: [
      [2, 3, 4, 5],
      [2, 3, 3, 1],
    ],
    build: (x, w) => conv(x, w, { padding: [0, 0] }),
  },
  {
    name: "conv depthwise 1x5",
    shapes: [
      [2, 4, 1, 7],
      [4, 1, 1, 5],
    ],
    build: (x, w) => conv(x, w, { padding: [0, 2], groups: 4 }),
  },
  { name: "maxPool", shapes: [[2, 3, 4, 5]], build: (x) => maxPool(x, 2) },
  { name: "maxPool, boxes of two rows", shapes: [[2, 3, 6, 3]], build: (x) => maxPool(x, [2, 1]) },
  { name: "averagePoolToGrid", shapes: [[2, 3, 4, 8]], build: (x) => averagePoolToGrid(x, 2) },
  { name: "batchNormTraining", shapes: [[4, 3, 2, 5], [3], [3]], build: batchNorm, range: [0.5, 2] },
  {
    name: "softCrossEntropy",
    shapes: [[3, 5]],
    build: (x) => softCrossEntropy(x, x.graph.constant(targets(3, 5), [3, 5])),
  },
  { name: "a value used twice", shapes: [[4]], build: (x) => mul(add(x, x), x) },
];

describe("gradients", () => {
  it.each(CASES)(
    "match finite differences: $name",
    async ({ shapes, build, range: [low, high] = [-1, 1] }) => {
      const random = createRandom(11);
      const feeds = shapes.map((shape) =>
        Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(low, high)),
      );
      const graph = new Graph();
      const inputs = shapes.map((shape, i) => graph.input(`in${i}`, shape));
      const y = build(...inputs);
      const weights = Float32Array.from({ length: sizeOf(y.shape as number[]) }, () => random.uniform(-1, 1));
      const loss = reduceSum(mul(y, graph.constant(weights, y.shape as number[])), {
        axes: y.shape.map((_, i) => i),
      });
      graph.output("loss", loss);
      for (const [i, gradient] of gradients(loss, inputs).entries()) graph.output(`grad${i}`, gradient);
      const program = await compile(ort, graph);
      const run = (values: Float32Array[]) =>
        program.run(Object.fromEntries(values.map((v, i) => [`in${i}`, v])));
      const result = await run(feeds);
      for (const [i, feed] of feeds.entries()) {
        const analytic = result[`grad${i}`] as Float32Array;
        for (let k = 0; k < feed.length; k += Math.ceil(feed.length / 40)) {
          const numeric = await centralDifference(run, feeds, i, k);
          expect(analytic[k], `input ${i}, element ${k}`).toBeCloseTo(numeric, 2);
        }
      }
      await program.release();
    },
  );

  it("rejects a loss that is no scalar", () => {
    const x = new Graph().input("x", [2]);
    expect(() => gradients(exp(x), [x])).toThrow(GraphShapeError);
  });

  it("rejects a value that the loss does not depend on, naming it", () => {
    const graph = new Graph();
    const [x, other] = [graph.input("x"), graph.input("other")];
    expect(() => gradients(exp(x), [other])).toThrow(
      new InvalidArgumentError('gradients: the loss does not depend on "other"'),
    );
  });
});

async function centralDifference(
  run: (values: Float32Array[]) => Promise<Record<string, unknown>>,
  feeds: Float32Array[],
  i: number,
  k: number,
): Promise<number> {
  const step = 2 ** -8;
  const lossAt = async (offset: number) => {
    const moved = feeds.map((feed) => feed.slice());
    moved[i]![k]! += offset;
    return (await run(moved)).loss as Float32Array;
  };
  return (Number((await lossAt(step))[0]) - Number((await lossAt(-step))[0])) / (2 * step);
}

function targets(rows: number, columns: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) =>
    i % columns === 1 ? 0.6 : 0.4 / (columns - 1),
  );
}
