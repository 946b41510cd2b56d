import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { GraphShapeError, InvalidArgumentError } from "../../errors.ts";
import { Graph } from "../graph.ts";
import { compile } from "../program.ts";
import type { Shape, Value } from "../value.ts";
import { staticShape } from "../value.ts";
import { conv, conv1d } from "./conv.ts";
import { add, max } from "./elementwise.ts";
import { gemm, matMul } from "./linear.ts";
import { averagePoolToGrid, maxPool } from "./pool.ts";
import { reduceMean, reduceSum, softmax } from "./reduce.ts";
import { concat, expand, gather, pad, reshape, slice, transpose } from "./shape.ts";

const on = (graph: Graph) => (shape: Shape) => graph.input(`in${graph.inputs.length}`, shape);

describe("inferred shapes", () => {
  const of = on(new Graph());
  const indices = new Graph().input("indices", [7], "int32");
  const CASES: [string, Value, Shape][] = [
    ["add of an open dimension", add(of(["batch", 3]), of([3])), ["batch", 3]],
    ["max of a scalar", max(of([2, 3]), of([])), [2, 3]],
    ["reduceSum without its dimension", reduceSum(of(["batch", 4, 5]), { axes: [1] }), ["batch", 5]],
    ["reduceMean keeping its dimension", reduceMean(of([2, 4]), { axes: [0], keepDims: true }), [1, 4]],
    ["softmax", softmax(of(["batch", 4])), ["batch", 4]],
    ["conv of stride 2", conv(of([2, 3, 9, 8]), of([5, 3, 3, 3]), { stride: 2, padding: 1 }), [2, 5, 5, 4]],
    [
      "conv1d",
      conv1d(of(["batch", 1, 8192]), of([10, 1, 256]), { stride: 128, padding: 64 }),
      ["batch", 10, 64],
    ],
    ["gemm of an open dimension", gemm(of(["batch", 3]), of([3, 4])), ["batch", 4]],
    ["matMul with one matrix for all", matMul(of([4, 5]), of([2, 5, 6])), [2, 4, 6]],
    ["maxPool dropping a remainder", maxPool(of([1, 2, 5, 7]), 2), [1, 2, 2, 3]],
    ["averagePoolToGrid", averagePoolToGrid(of(["batch", 2, 8, 4]), 4), ["batch", 2, 4, 4]],
    ["slice with steps", slice(of([2, 9]), { axes: [1], starts: [1], ends: [8], steps: [3] }), [2, 3]],
    ["concat", concat([of([2, 3]), of([2, 4])], 1), [2, 7]],
    ["pad", pad(of([2, 3]), [0, 1], [1, 2]), [3, 6]],
    ["gather", gather(of([5, 2, 3]), indices), [7, 2, 3]],
  ];
  it.each(CASES)("%s", (_, value, shape) => {
    expect(value.shape).toEqual(shape);
  });
});

describe("shapes that do not fit are rejected with both shapes in the message", () => {
  const of = on(new Graph());
  const CASES: [string, () => Value, RegExp][] = [
    ["add", () => add(of([2, 3]), of([4])), /add: cannot combine \[2, 3\] and \[4\]/],
    ["reshape", () => reshape(of([2, 3]), [4]), /\[2, 3\] does not fit \[4\]/],
    ["transpose", () => transpose(of([2, 3]), [0, 0]), /\[0, 0\] does not order \[2, 3\]/],
    ["expand", () => expand(of([2, 3]), [2, 4]), /\[2, 3\] does not stretch to \[2, 4\]/],
    ["slice", () => slice(of([4]), { axes: [0], starts: [2], ends: [5] }), /no 2\.\.5 on axis 0 of \[4\]/],
    ["reduceSum", () => reduceSum(of([4]), { axes: [1] }), /no axes \[1\] in \[4\]/],
    ["gemm", () => gemm(of([2, 3]), of([2, 3])), /do not chain/],
    ["gemm of a vector", () => gemm(of([2]), of([2, 3])), /needs matrices, got \[2\]/],
    ["matMul", () => matMul(of([2, 3]), of([2, 3])), /do not chain/],
    ["conv channels", () => conv(of([1, 2, 5, 5]), of([4, 3, 3, 3])), /does not fit x \[1, 2, 5, 5\]/],
    ["conv kernel", () => conv(of([1, 1, 2, 2]), of([1, 1, 3, 3])), /larger than x/],
    ["conv1d", () => conv1d(of([1, 1, 10]), of([1, 1, 20]), { stride: 1, padding: 0 }), /does not fit/],
    ["maxPool", () => maxPool(of([1, 1, 1, 4]), 2), /no boxes of 2 x 2/],
    ["averagePoolToGrid", () => averagePoolToGrid(of([1, 1, 6, 8]), 4), /no 4 x 4 equal boxes/],
    ["constant", () => new Graph().constant(new Float32Array(3), [2, 2]), /3 elements do not fill \[2, 2\]/],
  ];
  it.each(CASES)("%s", (_, build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: "graph-shape" }));
    expect(build).toThrow(message);
  });
});

it("staticShape refuses an open dimension", () => {
  const open = new Graph().input("x", ["batch"]);
  expect(() => staticShape(open, "here")).toThrow(
    new GraphShapeError("here needs known dimensions, got [batch]"),
  );
});

it("a program names an input that it was not fed", async () => {
  const graph = new Graph();
  graph.output("y", add(graph.input("left", [1]), graph.input("right", [1])));
  const program = await compile(ort, graph);
  await expect(program.run({ left: Float32Array.of(1) })).rejects.toThrow(
    new InvalidArgumentError('graph: input "right" was not fed'),
  );
  await program.release();
});
