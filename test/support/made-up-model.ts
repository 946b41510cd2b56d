// Weights and a model file of the right form that have learnt nothing, for tests.

import { type ArchitectureName, architecture } from "../../src/model/architectures.ts";
import { buildModel } from "../../src/model/build-model.ts";
import type { Weights } from "../../src/model/layers.ts";
import type { ModelMetadata } from "../../src/model/model-metadata.ts";
import { buildStepGraph } from "../../src/training/step-graph.ts";
import { initialiseInPlace, toWeights, weightLayout } from "../../src/training/weight-layout.ts";

/** Weights as they are before training. */
export function madeUpWeights(name: ArchitectureName = "compact"): Weights {
  const step = buildStepGraph(architecture(name), { batchSize: 1, warpFactors: [1] });
  const layout = weightLayout(step);
  const flat = new Float32Array(layout.size);
  initialiseInPlace(flat, { step, layout, seed: 3 });
  return toWeights(flat, layout);
}

/** A model file of untrained weights. */
export function madeUpModel(changes: Partial<ModelMetadata> = {}): Uint8Array<ArrayBuffer> {
  const metadata: ModelMetadata = {
    architecture: "compact",
    threshold: 0,
    trainingData: "nothing",
    training: { steps: 0 },
    accuracy: { "a test": 0.1 },
    ...changes,
  };
  return buildModel(madeUpWeights(metadata.architecture), metadata);
}
