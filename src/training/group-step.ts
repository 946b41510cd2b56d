// What a worker does in a step: draws its micro-batches, and runs the step's graph on each, forwards and backwards.

import { compile, type OnnxRuntime } from "../graph/program.ts";
import { createRandom } from "../random.ts";
import { RANDOM_STREAMS } from "./arithmetic/random-streams.ts";
import type { Recipe } from "./recipe.ts";
import type { StepGraph } from "./step-graph.ts";
import { type TrainingData, taskOf } from "./task.ts";
import { gradientName, viewSlots, weightLayout } from "./weight-layout.ts";

/** Runs micro-batches through the net. */
export type GroupRunner = {
  /**
   * @param request.step Which step, from 0.
   * @param request.group Which micro-batch of the step, from 0.
   * @param request.weights Flat, as `weightLayout` lays it out; only the parameters are read.
   * @param request.into Flat, of the same layout: receives the gradients and the micro-batch's statistics.
   * @returns The micro-batch's mean loss.
   */
  run(request: { step: number; group: number; weights: Float32Array; into: Float32Array }): Promise<number>;
  release(): Promise<void>;
};

/**
 * Prepares to run micro-batches.
 *
 * @param ort The runtime.
 * @param recipe Of any model of the family.
 * @param data What to draw from.
 * @throws {InvalidArgumentError} The data do not suit the recipe, or a setting is out of range.
 */
export async function createGroupRunner(
  ort: OnnxRuntime,
  recipe: Recipe,
  data: TrainingData,
): Promise<GroupRunner> {
  const task = await taskOf(recipe);
  const step = task.buildStep();
  const { parameters, statistics } = weightLayout(step);
  const program = await compile(ort, step.graph);
  const drawer = await task.createDrawer(ort, data);
  return {
    async run({ step: number, group, weights, into }) {
      const results = await program.run({
        ...(await drawer.draw(number, group)),
        ...viewSlots(weights, parameters),
        ...drawDropout(step, [recipe.seed, RANDOM_STREAMS.dropout, number, group]),
      });
      for (const { name, offset } of parameters)
        into.set(results[gradientName(name)] as Float32Array, offset);
      for (const { name, offset } of statistics) into.set(results[name] as Float32Array, offset);
      return Number(results.loss![0]);
    },
    async release() {
      await Promise.all([program.release(), drawer.release()]);
    },
  };
}

/** Dropout masks by the names of the graph's inputs. The key decides them. */
function drawDropout({ dropouts }: StepGraph, key: readonly number[]): Record<string, Float32Array> {
  const masks = dropouts.map(({ value: { name, shape }, rate }, layer) => {
    const random = createRandom(...key, layer);
    const [rows, columns] = shape as [number, number];
    const kept = 1 / (1 - rate);
    const mask = Float32Array.from({ length: rows * columns }, () => (random.chance(rate) ? 0 : kept));
    return [name, mask];
  });
  return Object.fromEntries(masks) as Record<string, Float32Array>;
}
