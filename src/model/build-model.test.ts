import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { madeUpModel, madeUpWeights } from "../../test/support/made-up-model.ts";
import { Graph } from "../graph/graph.ts";
import { compile } from "../graph/program.ts";
import { createRandom } from "../random.ts";
import { architecture, netInput } from "./architectures.ts";
import { inferenceLayers } from "./inference-layers.ts";
import { logMel, WINDOW_SAMPLES } from "./log-mel.ts";

const BATCH = 3;
const random = createRandom(4);
const samples = Float32Array.from({ length: BATCH * WINDOW_SAMPLES }, () => random.normal());

test.each(["compact", "standard"] as const)(
  "%s outputs the mean of the logits over its test-time warps",
  async (name) => {
    const { testTimeWarps, logMel: options } = architecture(name);
    const single = await Promise.all(testTimeWarps.map((warp) => outputThrough(name, warp)));
    const { logits, log_mel } = await runModel(name);
    expect(logits).toHaveLength(BATCH * 11);
    for (const [i, logit] of logits.entries()) {
      const mean = single.reduce((sum, output) => sum + output.logits[i]!, 0) / single.length;
      expect(Math.abs(logit - mean)).toBeLessThan(1e-3 * Math.max(1, Math.abs(mean)));
    }
    const plain = await outputThrough(name, 1);
    expect(log_mel).toHaveLength(BATCH * options.nMels * (WINDOW_SAMPLES / options.hopLength));
    for (const [i, value] of log_mel.entries())
      expect(Math.abs(value - plain.log_mel[i]!)).toBeLessThan(1e-3);
  },
);

test("the warps of compact make a difference", async () => {
  const [low, high] = await Promise.all([0.95, 1.05].map((warp) => outputThrough("compact", warp)));
  const differences = low!.logits.map((logit, i) => Math.abs(logit - high!.logits[i]!));
  expect(Math.max(...differences)).toBeGreaterThan(0.01);
});

type Output = { logits: Float32Array; log_mel: Float32Array };

async function outputThrough(name: "compact" | "standard", warp: number): Promise<Output> {
  const net = architecture(name);
  const graph = new Graph();
  const windows = graph.input("samples", [BATCH, WINDOW_SAMPLES]);
  const index = graph.input("index", [BATCH], "int32");
  const spectrogram = logMel(windows, net.logMel, { factors: [warp], index });
  const layers = inferenceLayers(graph, madeUpWeights(name));
  graph.output("logits", net.build(netInput(spectrogram), layers));
  graph.output("log_mel", spectrogram);
  const program = await compile(ort, graph);
  const output = await program.run({ samples, index: new Int32Array(BATCH) });
  await program.release();
  return output as Output;
}

async function runModel(name: "compact" | "standard"): Promise<Output> {
  const session = await ort.InferenceSession.create(madeUpModel({ architecture: name }));
  const input = new ort.Tensor("float32", samples, [BATCH, WINDOW_SAMPLES]);
  const { logits, log_mel } = await session.run({ input_values: input });
  await session.release();
  return { logits: logits!.data, log_mel: log_mel!.data } as Output;
}
