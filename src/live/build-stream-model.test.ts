import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { madeUpStreamModel, madeUpStreamWeights } from "../../test/support/made-up-stream-model.ts";
import { ModelFormatError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { logSoftmax } from "../graph/ops/reduce.ts";
import { compile } from "../graph/program.ts";
import { netInput } from "../model/architectures.ts";
import { inferenceLayers } from "../model/inference-layers.ts";
import { MEL_FLOOR, melPower } from "../model/log-mel.ts";
import { createRandom } from "../random.ts";
import { buildStreamModel, OUTPUT_DELAY } from "./build-stream-model.ts";
import { FRAMES_PER_RUN, type StreamFrame } from "./frame-stream.ts";
import { readStreamModelInfo } from "./stream-metadata.ts";
import { createStreamModel } from "./stream-model.ts";
import {
  ANSWER_SHIFT,
  buildStreamNet,
  NET_DELAY,
  OUTPUT_COUNT,
  RECEPTIVE_RADIUS,
  STATE_HOP,
  STREAM_LOG_MEL,
  STREAM_WINDOW,
} from "./stream-net.ts";

const N_BLOCKS = 64;
const { hopLength, nMels } = STREAM_LOG_MEL;

/** The net on a whole spectrogram, as in training. */
async function wholeNet(spectrogram: Float32Array): Promise<Float32Array> {
  const graph = new Graph();
  const nColumns = spectrogram.length / nMels;
  const x = netInput(graph.input("log_mel", [1, nMels, nColumns]));
  graph.output("log_probs", logSoftmax(buildStreamNet(x, inferenceLayers(graph, madeUpStreamWeights()))));
  const program = await compile(ort, graph);
  const { log_probs: rows } = await program.run({ log_mel: spectrogram });
  await program.release();
  return rows as Float32Array;
}

/**
 * Spectrogram of a stream that silence went before, each column divided by the mean square of the 2.048 s to its end.
 * Columns begin at sample STATE_HOP / 4 of the stream, so that pairs of them are the frames of the streaming net.
 */
async function levelledLogMel(stream: Float32Array): Promise<Float32Array> {
  const shift = hopLength / 2;
  const samples = stream.slice(shift, stream.length - (STATE_HOP - shift));
  const graph = new Graph();
  graph.output("power", melPower(graph.input("samples", [1, samples.length]), STREAM_LOG_MEL));
  const program = await compile(ort, graph);
  const { power } = await program.run({ samples });
  await program.release();
  const nColumns = samples.length / hopLength;
  return (power as Float32Array).map((value, i) => {
    const end = ((i % nColumns) + 1) * hopLength + 2 * shift;
    let sum = 0;
    for (const sample of stream.subarray(Math.max(0, end - STREAM_WINDOW), end)) sum += sample * sample;
    return Math.log(value / (sum / STREAM_WINDOW) + MEL_FLOOR);
  });
}

function noise(length: number): Float32Array {
  const random = createRandom(6);
  return Float32Array.from({ length }, (_, n) => 0.1 * random.normal() * (1.2 + Math.sin(n / 2000)));
}

async function framesOf(samples: Float32Array, chunk: number): Promise<StreamFrame[]> {
  const model = await createStreamModel(ort, madeUpStreamModel());
  const stream = model.openFrames();
  const frames: StreamFrame[] = [];
  for (let start = 0; start < samples.length; start += chunk) {
    frames.push(...(await stream.push(samples.subarray(start, start + chunk))));
  }
  await model.release();
  return frames;
}

describe("buildStreamModel", () => {
  it("gives what the net gives for the whole spectrogram, wherever that sees everything it depends on", async () => {
    const samples = noise(N_BLOCKS * STATE_HOP);
    const whole = await wholeNet(await levelledLogMel(samples));
    const frames = await framesOf(samples, samples.length);
    const edge = Math.ceil(RECEPTIVE_RADIUS / STATE_HOP - 0.5);
    let compared = 0;
    for (let frame = edge; frame < N_BLOCKS - 1 - edge; frame++) {
      const { logProbs } = frames[frame + NET_DELAY + 1]!;
      logProbs.forEach((value, state) => {
        expect(Math.abs(value - whole[frame * OUTPUT_COUNT + state]!)).toBeLessThan(1e-4);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(30 * OUTPUT_COUNT);
  });

  it.each([1, 160, 512, 5000, 7000])(
    "gives the same to the last bit in chunks of %i samples",
    async (chunk) => {
      const samples = noise(20_480);
      expect(await framesOf(samples, chunk)).toEqual(await framesOf(samples, samples.length));
    },
  );

  it("tells the columns that the net sees, the floor in silence, as they come", async () => {
    const nSamples = 28 * FRAMES_PER_RUN * STATE_HOP;
    const columnsOf = async (chunk: number) => {
      const model = await createStreamModel(ort, madeUpStreamModel());
      const columns: number[] = [];
      const stream = model.openFrames((more) => columns.push(...more));
      const samples = new Float32Array(nSamples);
      samples.set(noise(10_240), nSamples - 10_240);
      for (let at = 0; at < samples.length; at += chunk) await stream.push(samples.subarray(at, at + chunk));
      await model.release();
      return columns;
    };
    const columns = await columnsOf(nSamples);
    expect(columns).toHaveLength((nSamples / 128) * nMels);
    expect(columns[0]).toBeCloseTo(Math.log(MEL_FLOOR), 5);
    expect(columns.at(-1)).toBeGreaterThan(Math.log(MEL_FLOOR) + 1);
    expect(await columnsOf(1000)).toEqual(columns);
  });

  it("puts the newest frame where its sound is", () => {
    // A frame is in the middle of two columns; convolutions wait for what comes after, and the output is shifted ahead.
    expect(OUTPUT_DELAY).toBe((NET_DELAY - ANSWER_SHIFT + 1) * STATE_HOP + 192);
  });

  it("gives the spectrogram of the new samples", async () => {
    const session = await ort.InferenceSession.create(madeUpStreamModel());
    const feeds = Object.fromEntries(
      session.inputMetadata.slice(1).map((input) => {
        const shape = "shape" in input ? (input.shape as number[]) : [];
        return [
          input.name,
          new ort.Tensor("float32", new Float32Array(shape.reduce((a, b) => a * b, 1)), shape),
        ];
      }),
    );
    const samples = new ort.Tensor("float32", noise(4 * STATE_HOP), [1, 4 * STATE_HOP]);
    const { log_mel: logMel } = await session.run({ ...feeds, samples });
    expect(logMel!.dims).toEqual([1, nMels, 8]);
    await session.release();
  });

  it("says of itself what it was given", () => {
    expect(readStreamModelInfo(madeUpStreamModel())).toMatchObject({
      sampleRate: 8000,
      trainingData: "nothing",
      training: { steps: 0 },
      accuracy: { "a test": 0.1 },
      decoding: { any: { minFrames: 4, lookahead: 3 } },
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
