import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, ModelFormatError } from "../errors.ts";
import { Graph } from "./graph.ts";
import { readOnnx, writeOnnx } from "./onnx-file.ts";
import { conv } from "./ops/conv.ts";
import { add, mul, relu } from "./ops/elementwise.ts";
import { batchNorm } from "./ops/normalization.ts";

function sampleGraph(): Graph {
  const graph = new Graph();
  const x = graph.input("x", ["batch", 3]);
  const weight = graph.constant(Float32Array.of(1, -2, 0.5), [3], "weight");
  graph.output("y", add(mul(x, weight), graph.scalar(1)));
  return graph;
}

describe("writeOnnx", () => {
  it("writes a file that the runtime runs, with a dimension left open", async () => {
    const session = await ort.InferenceSession.create(writeOnnx(sampleGraph()));
    const x = new ort.Tensor("float32", Float32Array.of(1, 1, 1, 2, 2, 2), [2, 3]);
    const { y } = await session.run({ x });
    expect(Array.from(y!.data as Float32Array)).toEqual([2, -1, 1.5, 3, -3, 2]);
    await session.release();
  });

  it("gives the same bytes for the same graph", () => {
    expect(writeOnnx(sampleGraph())).toEqual(writeOnnx(sampleGraph()));
  });

  it("leaves out what no output depends on", () => {
    const graph = sampleGraph();
    relu(graph.constant(new Float32Array(1000), [1000], "unused"));
    expect(readOnnx(writeOnnx(graph)).constants.has("unused")).toBe(false);
    expect(writeOnnx(graph).length).toBe(writeOnnx(sampleGraph()).length);
  });

  it("writes attributes of every kind so that the runtime takes them", async () => {
    const graph = new Graph();
    const [text] = graph.add(
      "Cast",
      [graph.input("x", [1, 1, 2, 2])],
      [{ type: "float32", shape: [1, 1, 2, 2] }],
      {
        to: { int: 1 },
      },
    );
    const ones = graph.constant(Float32Array.of(1));
    const padded = graph.add(
      "Pad",
      [text, graph.integers([0, 0, 0, 1, 0, 0, 0, 1])],
      [{ type: "float32", shape: [1, 1, 2, 4] }],
      { mode: { text: "edge" } },
    );
    const normed = batchNorm(padded[0]!, { scale: ones, bias: ones }, { mean: ones, variance: ones });
    graph.output("y", conv(normed, graph.constant(Float32Array.of(2), [1, 1, 1, 1])));
    const session = await ort.InferenceSession.create(writeOnnx(graph));
    const { y } = await session.run({
      x: new ort.Tensor("float32", Float32Array.of(1, 2, 3, 4), [1, 1, 2, 2]),
    });
    const found = Array.from(y!.data as Float32Array);
    [2, 2, 4, 4, 6, 6, 8, 8].forEach((expected, i) => {
      expect(found[i]).toBeCloseTo(expected, 3);
    });
    await session.release();
  });
});

describe("readOnnx", () => {
  it("gives back metadata, names, shapes and constants as they were written", () => {
    const bytes = writeOnnx(sampleGraph(), { metadata: { colour: "grün" } });
    const contents = readOnnx(bytes);
    expect(contents.producerName).toBe("spoken-digits");
    expect(contents.metadata).toEqual({ colour: "grün" });
    expect(contents.inputs).toEqual([{ name: "x", shape: ["batch", 3] }]);
    expect(contents.outputs).toEqual([{ name: "y", shape: ["batch", 3] }]);
    expect(contents.constants.get("weight")).toEqual({ shape: [3], data: Float32Array.of(1, -2, 0.5) });
  });

  it("reads from a Node Buffer that lies anywhere in memory", () => {
    const bytes = writeOnnx(sampleGraph());
    for (let offset = 0; offset < 4; offset++) {
      const buffer = Buffer.from(new ArrayBuffer(bytes.length + 4), offset, bytes.length);
      buffer.set(bytes);
      expect(readOnnx(buffer).constants.get("weight")!.data).toEqual(Float32Array.of(1, -2, 0.5));
    }
  });

  it("rejects bytes that are no ONNX file, and an empty one", () => {
    expect(() => readOnnx(new TextEncoder().encode("<!doctype html><title>404</title>"))).toThrow(
      ModelFormatError,
    );
    expect(() => readOnnx(new Uint8Array())).toThrow(/no graph/);
  });

  it("rejects a tensor that is shorter than its shape says", () => {
    const bytes = writeOnnx(sampleGraph());
    const data = Array.from(new Uint8Array(Float32Array.of(1, -2, 0.5).buffer));
    const dataAt = bytes.findIndex((_, i) => data.every((byte, k) => bytes[i + k] === byte));
    // Before the data stand its tag and length, before those the name, and first the tag and value of the only dimension.
    const dimensionAt = bytes.lastIndexOf(3, dataAt);
    bytes[dimensionAt] = 4;
    expect(() => readOnnx(bytes)).toThrow(/tensor "weight" of 4 numbers holds 12 bytes/);
  });
});

describe("Graph", () => {
  it("rejects a name that is taken", () => {
    const graph = new Graph();
    graph.input("x", [1]);
    expect(() => graph.input("x", [1])).toThrow(InvalidArgumentError);
    expect(() => graph.output("x", graph.scalar(1))).toThrow(/"x" is taken/);
  });
});
