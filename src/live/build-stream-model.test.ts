import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { madeUpStreamModel, madeUpStreamWeights } from "../../test/support/made-up-stream-model.ts";
import { ModelFormatError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { logSoftmax } from "../graph/ops/reduce.ts";
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
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "./stream-net.ts";

/** The net on whole windows, as in training. */
function wholeWindowNet() {
  const graph = new Graph();
  const spectrogram = logMel(graph.input("samples", [1, STREAM_WINDOW]), STREAM_LOG_MEL);
  const logits = buildStreamNet(netInput(spectrogram), inferenceLayers(graph, madeUpStreamWeights()));
  graph.output("log_probs", logSoftmax(logits));
  return compile(ort, graph);
}

describe("buildStreamModel", () => {
  it("answers the newest frames as the net does that sees the whole window: they depend on no more", async () => {
    const random = createRandom(6);
    const samples = Float32Array.from({ length: STREAM_WINDOW }, () => 0.1 * random.normal());
    const program = await wholeWindowNet();
    const whole = (await program.run({ samples })).log_probs as Float32Array;
    const session = await ort.InferenceSession.create(madeUpStreamModel());
    const { log_probs: answer } = await session.run({
      samples: new ort.Tensor("float32", samples, [1, STREAM_WINDOW]),
    });
    const first = (STREAM_WINDOW - ANSWER_DELAY) / STATE_HOP - ANSWER_SHIFT;
    expect(answer!.dims).toEqual([FRAMES_PER_RUN, STATE_COUNT]);
    (answer!.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(whole[first * STATE_COUNT + i]!, 3);
    });
    await Promise.all([program.release(), session.release()]);
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
