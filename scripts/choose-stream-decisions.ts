// npm run choose:stream -- [--model FILE] [--data FOLDER] [--streams N] [--minutes N]: tries ways of decoding and thresholds on
// the held-out speakers, words and noise that are not reported on, and prints them all, the least costly first, behind them
// those that tell digits too late. What is taken of them goes into src/training/stream/stream-recipe.ts.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as ort from "onnxruntime-node";
import { locateCorpora } from "../src/corpus/find-corpus.ts";
import type { AnsweredStream } from "../src/evaluation/stream-decisions.ts";
import { rankDecisions } from "../src/evaluation/stream-decisions.ts";
import { readStreamTestMaterial } from "../src/evaluation/test-stream-material.ts";
import type { StreamCondition } from "../src/evaluation/test-stream-suite.ts";
import { NEGATIVE_SECONDS, negativeStreamsOf, streamsOf } from "../src/evaluation/test-stream-suite.ts";
import type { StreamModel } from "../src/live/stream-model.ts";
import { createStreamModel } from "../src/live/stream-model.ts";
import { wholeNumber } from "./whole-number.ts";

const CONDITIONS: readonly StreamCondition[] = ["spaced", "run together", "loud noise", "faster"];
const SEED = 7;
const BIASES = [0, 0.25, 0.5, 0.75, 1];
const END_BIASES = [-0.5, -0.25, 0, 0.25, 0.5];
const PENALTIES = [0, 2, 4, 6, 8];
const THRESHOLDS = [0, 0.3, 0.5, 0.6, 0.7];

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "models/stream.onnx" },
    data: { type: "string" },
    streams: { type: "string", default: "60" },
    minutes: { type: "string", default: "15" },
  },
});
const count = wholeNumber("--streams", values.streams);
const minutes = wholeNumber("--minutes", values.minutes);
const model = await createStreamModel(ort, await readFile(values.model));
const ranked = rankDecisions(await answeredStreams(model), {
  decodings: decodings(),
  thresholds: THRESHOLDS,
});
for (const { cost, threshold, decoding, digitErrorRates, delayMs, falsePerHour } of ranked) {
  const rates = Object.entries(digitErrorRates).map(
    ([name, rate]) => `${name} ${(100 * rate).toFixed(1)} % in ${delayMs[name]!.toFixed(0)} ms`,
  );
  const hours = Object.entries(falsePerHour).map(([name, count]) => `${name} ${count.toFixed(0)} an hour`);
  console.log(
    cost.toFixed(2),
    threshold.toFixed(2),
    JSON.stringify(decoding),
    [...rates, ...hours].join(", "),
  );
}

function decodings() {
  const { minFrames, lookahead, beam } = model.info.decoding.any;
  return BIASES.flatMap((digitBias) =>
    END_BIASES.filter((endBias) => endBias <= digitBias).flatMap((endBias) =>
      PENALTIES.map((digitPenalty) => ({ digitBias, endBias, digitPenalty, minFrames, lookahead, beam })),
    ),
  );
}

async function answeredStreams(of: StreamModel): Promise<AnsweredStream[]> {
  const { choosing } = await readStreamTestMaterial(await locateCorpora({ data: values.data }));
  const streams: AnsweredStream[] = [];
  for (const group of CONDITIONS) {
    for (const { samples, digits } of streamsOf(choosing, group, { count, seed: SEED })) {
      const seconds = samples.length / 8000;
      streams.push({ group, spoken: digits, seconds, frames: await framesOf(of, samples) });
    }
  }
  for (const group of ["noise", "speech"] as const) {
    for (const samples of negativeStreamsOf(choosing, group, { minutes, seed: SEED })) {
      streams.push({ group, spoken: [], seconds: NEGATIVE_SECONDS, frames: await framesOf(of, samples) });
    }
  }
  return streams;
}

async function framesOf(of: StreamModel, samples: Float32Array): Promise<Float32Array[]> {
  const stream = of.openFrames();
  const frames = [...(await stream.push(samples)), ...(await stream.end())];
  return frames.map(({ logProbs }) => logProbs);
}
