// Weights and the file of a stream model that has learnt nothing, for tests.

import { buildStreamModel } from "../../src/live/build-stream-model.ts";
import type { StreamModelMetadata } from "../../src/live/stream-metadata.ts";
import type { Weights } from "../../src/model/layers.ts";
import { buildStreamStep } from "../../src/training/stream/stream-step.ts";
import { initialiseInPlace, toWeights, weightLayout } from "../../src/training/weight-layout.ts";
import { madeUpDecoding } from "./made-up-decoding.ts";

/** Weights as they are before training. */
export function madeUpStreamWeights(): Weights {
  const step = buildStreamStep({ batchSize: 1, warpFactors: [1] });
  const layout = weightLayout(step);
  const flat = new Float32Array(layout.size);
  initialiseInPlace(flat, { step, layout, seed: 3 });
  return toWeights(flat, layout);
}

const SETTINGS = {
  threshold: 0,
  digitBias: 2,
  endBias: 2,
  digitPenalty: 0,
  otherPenalty: 0,
  otherCost: 0,
  minFrames: 4,
  lookahead: 3,
  beam: 8,
};

/** A model file of untrained weights. Its decoder takes nearly everything for digits. */
export function madeUpStreamModel(changes: Partial<StreamModelMetadata> = {}): Uint8Array<ArrayBuffer> {
  return buildStreamModel(madeUpStreamWeights(), {
    trainingData: "nothing",
    training: { steps: 0 },
    accuracy: { "a test": 0.1 },
    decoding: madeUpDecoding(SETTINGS, { aloneQuietMs: 400, confidence: 1 }),
    ...changes,
  });
}
