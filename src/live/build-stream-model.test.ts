import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { madeUpStreamModel, madeUpStreamWeights } from "../../test/made-up-stream-model.ts";
import { ModelFormatError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { logSoftmax, reduceMean } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import { compile } from "../graph/program.ts";
import { netInput } from "../model/architectures.ts";
import { inferenceLayers } from "../model/inference-layers.ts";
import { logMel } from "../model/log-mel.ts";
import { createRandom } from "../random.ts";
import { ANSWER_DELAY, buildStreamModel, FRAMES_PER_RUN } from "./build-stream-model.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  STATE_COUNT,
  STATE_HOP,
  STREAM_HEARING_WARPS,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "./stream-net.ts";

/** The net on whole windows, as in training, through each warp: [frames, STATE_COUNT] logarithms of the mean's probabilities. */
async function answerToWholeWindow(samples: Float32Array): Promise<Float32Array> {
  const graph = new Graph();
  const windows = graph.input("samples", [STREAM_HEARING_WARPS.length, STREAM_WINDOW]);
  const index = graph.input("index", [STREAM_HEARING_WARPS.length], "int32");
  const spectrogram = logMel(windows, STREAM_LOG_MEL, { factors: STREAM_HEARING_WARPS, index });
  const logits = buildStreamNet(netInput(spectrogram), inferenceLayers(graph, madeUpStreamWeights()));
  const byWarp = reshape(logits, [STREAM_HEARING_WARPS.length, STREAM_WINDOW / STATE_HOP, STATE_COUNT]);
  graph.output("log_probs", logSoftmax(reduceMean(byWarp, { axes: [0] })));
  const program = await compile(ort, graph);
  const twice = new Float32Array(2 * STREAM_WINDOW);
  twice.set(samples);
  twice.set(samples, STREAM_WINDOW);
  const { log_probs } = await program.run({ samples: twice, index: Int32Array.of(0, 1) });
  await program.release();
  return log_probs as Float32Array;
}

describe("buildStreamModel", () => {
  it("answers the newest frames as the net does that sees the whole window: they depend on no more", async () => {
    const random = createRandom(6);
    const samples = Float32Array.from({ length: STREAM_WINDOW }, () => 0.1 * random.normal());
    const whole = await answerToWholeWindow(samples);
    const session = await ort.InferenceSession.create(madeUpStreamModel());
    const { log_probs: answer } = await session.run({
      samples: new ort.Tensor("float32", samples, [1, STREAM_WINDOW]),
    });
    const first = (STREAM_WINDOW - ANSWER_DELAY) / STATE_HOP - ANSWER_SHIFT;
    expect(answer!.dims).toEqual([FRAMES_PER_RUN, STATE_COUNT]);
    (answer!.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(whole[first * STATE_COUNT + i]!, 3);
    });
    await session.release();
  });

  it("says of itself what it was given", () => {
    expect(readStreamModelInfo(madeUpStreamModel())).toMatchObject({
      sampleRate: 8000,
      threshold: 0,
      trainingData: "nothing",
      training: { steps: 0 },
      accuracy: { "a test": 0.1 },
      decoding: { minFrames: 4, lookahead: 3 },
    });
    expect(readStreamModelInfo(madeUpStreamModel()).parameterCount).toBeGreaterThan(100_000);
  });

  it("refuses weights that are not all there", () => {
    const weights = new Map(madeUpStreamWeights());
    weights.delete("conv2.weight");
    const metadata = readStreamModelInfo(madeUpStreamModel());
    expect(() => buildStreamModel(weights, metadata)).toThrow(ModelFormatError);
  });
});
