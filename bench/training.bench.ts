import { availableParallelism } from "node:os";
import type { ArchitectureName } from "../src/model/architectures.ts";
import { architecture } from "../src/model/architectures.ts";
import { createRandom } from "../src/random.ts";
import { createOptimizer, startState } from "../src/training/optimizer.ts";
import { createRecipe } from "../src/training/recipe.ts";
import { buildStepGraph } from "../src/training/step-graph.ts";
import { train } from "../src/training/trainer.ts";
import { weightLayout } from "../src/training/weight-layout.ts";
import { asClips } from "../test/support/made-up-clips.ts";
import { quantile, timeCalls } from "./measure.ts";
import type { Result } from "./result.ts";
import { timingResult } from "./result.ts";

/** Steps whose time is not counted: the first ones compile and allocate. */
const WARM_UP_STEPS = 3;

/**
 * Examples trained on a second, augmentation and optimizer included, on as many workers as there are cores; and the share of
 * the optimizer, which runs on one.
 */
export async function benchTraining(): Promise<Result[]> {
  return [
    await examplesPerSecond("compact", 40),
    await optimizerStep("compact"),
    await examplesPerSecond("standard", 8),
    await optimizerStep("standard"),
  ];
}

async function optimizerStep(name: ArchitectureName): Promise<Result> {
  const recipe = createRecipe(name);
  const step = buildStepGraph(architecture(name), { batchSize: 1, warpFactors: [1] });
  const layout = weightLayout(step);
  const random = createRandom(1);
  const drawn = Float32Array.from({ length: layout.size }, () => 0.01 * random.normal());
  const optimizer = await createOptimizer(recipe, startState(recipe, step, layout), layout);
  const timing = await timeCalls(() => optimizer.update(drawn.slice()));
  await optimizer.release();
  return timingResult(`${name}: a step of the optimizer`, timing);
}

async function examplesPerSecond(architecture: ArchitectureName, steps: number): Promise<Result> {
  const recipe = createRecipe(architecture, { steps: WARM_UP_STEPS + steps });
  const workers = Math.min(availableParallelism(), recipe.batchSize / recipe.groupSize);
  const stepEnds: number[] = [];
  await train(recipe, {
    train: noiseClips(),
    validation: {},
    workers,
    intervals: { record: 1, validation: steps, checkpoint: steps },
    onRecord: () => void stepEnds.push(performance.now()),
  });
  const stepMs = stepEnds.slice(WARM_UP_STEPS).map((end, i) => end - stepEnds[WARM_UP_STEPS + i - 1]!);
  const rate = (share: number) => (1000 * recipe.batchSize) / quantile(stepMs, share);
  return {
    name: `${architecture}: training, workers: ${workers}`,
    value: rate(0.5),
    unit: "examples/s",
    p95: rate(0.95),
  };
}

/** Noise of the length of words: what a step costs does not depend on what is heard. */
function noiseClips() {
  const lengths = createRandom(1);
  const clips = Array.from({ length: 300 }, (_, i) => {
    const random = createRandom(2, i);
    return Float32Array.from({ length: lengths.integer(2000, 6000) }, () => 0.1 * random.normal());
  });
  return {
    digits: asClips(
      clips,
      clips.map((_, i) => i % 10),
    ),
  };
}
