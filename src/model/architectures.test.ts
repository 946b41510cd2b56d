import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { gradients } from "../graph/gradients.ts";
import { Graph } from "../graph/graph.ts";
import { softCrossEntropy } from "../graph/ops/loss.ts";
import { compile } from "../graph/program.ts";
import { sizeOf } from "../graph/value.ts";
import { trainingLayers } from "../training/training-layers.ts";
import { architecture } from "./architectures.ts";
import { frameCount } from "./log-mel.ts";

// Made by scripts/reference/net_gradients.py with PyTorch 1.13.1.
const REFERENCE = JSON.parse(
  readFileSync(new URL("../../fixtures/reference/net-gradients.json", import.meta.url), "utf8"),
) as Record<
  string,
  { loss: number; logits: number[]; gradients: Record<string, { sum: number; norm: number; head: number[] }> }
>;

const BATCH = 3;

describe.each(["compact", "standard"] as const)("the %s net", (name) => {
  it("has the loss, logits and gradients that PyTorch gives", async () => {
    const net = architecture(name);
    const graph = new Graph();
    const layers = trainingLayers(graph);
    const logits = net.build(graph.input("x", [BATCH, 1, net.logMel.nMels, frameCount(net.logMel)]), layers);
    const loss = softCrossEntropy(logits, graph.input("targets", [BATCH, 11]));
    graph.output("loss", loss);
    graph.output("logits", logits);
    const parameters = layers.parameters.map(({ value }) => value);
    for (const [i, gradient] of gradients(loss, parameters).entries()) {
      graph.output(`d ${parameters[i]!.name}`, gradient);
    }
    const program = await compile(ort, graph);
    const result = await program.run({
      x: waves([BATCH, 1, net.logMel.nMels, frameCount(net.logMel)], 0, 1),
      targets: softmaxRows(waves([BATCH, 11], 0.5, 1)),
      ...Object.fromEntries(layers.dropouts.map(({ value }) => [value.name, ones(value.shape as number[])])),
      ...Object.fromEntries(
        parameters.map(({ name, shape }, i) => [name, parameterWaves(name, shape as number[], i + 1)]),
      ),
    });
    const expected = REFERENCE[name]!;
    expect(result.loss![0]).toBeCloseTo(expected.loss, 4);
    for (const [i, logit] of expected.logits.entries()) expect(result.logits![i]).toBeCloseTo(logit, 3);
    expect(parameters.map((parameter) => parameter.name)).toEqual(Object.keys(expected.gradients));
    for (const [parameter, { norm, sum, head }] of Object.entries(expected.gradients)) {
      const gradient = result[`d ${parameter}`] as Float32Array;
      const tolerance = 5e-3 * norm;
      const found = {
        norm: Math.sqrt(gradient.reduce((total, g) => total + g * g, 0)),
        sum: gradient.reduce((total, g) => total + g, 0),
      };
      expect(Math.abs(found.norm - norm), `${parameter}: norm`).toBeLessThan(tolerance);
      expect(Math.abs(found.sum - sum), `${parameter}: sum`).toBeLessThan(
        tolerance * Math.sqrt(gradient.length),
      );
      for (const [i, value] of head.entries()) {
        expect(Math.abs(gradient[i]! - value), `${parameter}: element ${i}`).toBeLessThan(tolerance);
      }
    }
    await program.release();
  });
});

it("architecture() names the nets there are when asked for another", () => {
  expect(() => architecture("huge")).toThrow(
    new InvalidArgumentError('architecture: must be one of standard, compact, got "huge"'),
  );
});

const ones = (shape: number[]) => new Float32Array(sizeOf(shape)).fill(1);

function waves(shape: number[], key: number, scale: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 0.7 + key) * scale);
}

function parameterWaves(name: string, shape: number[], key: number): Float32Array {
  const rest = shape.length > 1 ? shape.slice(1) : shape;
  return waves(shape, key, name.endsWith(".scale") ? 1 : Math.sqrt(2 / sizeOf(rest)));
}

function softmaxRows(values: Float32Array): Float32Array {
  return values.map((_, i) => {
    const row = values.slice(11 * Math.floor(i / 11), 11 * Math.floor(i / 11) + 11);
    return Math.exp(values[i]!) / row.reduce((sum, value) => sum + Math.exp(value), 0);
  });
}
