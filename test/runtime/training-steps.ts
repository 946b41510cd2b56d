// Runs a few training steps on made-up clips and prints their losses as JSON, on the runtime named by the first argument:
// `node` or `web`. Each runtime needs a process of its own, since the two share a registry of backends.

import type { OnnxRuntime } from "../../src/graph/program.ts";
import { architecture } from "../../src/model/architectures.ts";
import { adamWStepInPlace, createAdamWState } from "../../src/training/arithmetic/update-weights.ts";
import { createGroupRunner } from "../../src/training/group-step.ts";
import { createRecipe } from "../../src/training/recipe.ts";
import { buildStepGraph } from "../../src/training/step-graph.ts";
import { initialiseInPlace, viewSlots, weightLayout } from "../../src/training/weight-layout.ts";
import { madeUpClips } from "../support/made-up-clips.ts";

const STEPS = 4;
const runtime: OnnxRuntime =
  process.argv[2] === "web" ? await import("onnxruntime-web") : await import("onnxruntime-node");

const recipe = createRecipe("compact", { steps: STEPS, batchSize: 8, groupSize: 8 });
const step = buildStepGraph(architecture("compact"), { batchSize: 1, warpFactors: [1] });
const layout = weightLayout(step);
const weights = new Float32Array(layout.size);
initialiseInPlace(weights, { step, layout, seed: recipe.seed });
const views = viewSlots(weights, layout.parameters);
const state = createAdamWState(views);
const settings = { ...recipe.adamW, weightDecay: recipe.weightDecay };
const runner = await createGroupRunner(runtime, recipe, { clips: madeUpClips(2) });
const gradient = new Float32Array(layout.size);
const losses: number[] = [];
for (let i = 0; i < STEPS; i++) {
  losses.push(await runner.run({ step: i, group: 0, weights, into: gradient }));
  const gradients = viewSlots(gradient, layout.parameters);
  adamWStepInPlace({ weights: views, gradients, state, decayed: new Set(), learningRate: 1e-3, settings });
}
await runner.release();
process.stdout.write(JSON.stringify(losses));
