// One net out of several trainings of it, each gone on from the one before: the mean of their weights can be better than any
// of them (model soups, Wortsman et al., https://arxiv.org/abs/2203.05482), and costs nothing when it is used.

import { InvalidArgumentError } from "../errors.ts";
import type { Weights } from "../model/layers.ts";
import { createRecipe, type Recipe } from "./recipe.ts";
import { readStart, type Start } from "./start-weights.ts";
import { createStreamRecipe } from "./stream/stream-recipe.ts";
import { taskOf } from "./task.ts";
import { toWeights, weightLayout } from "./weight-layout.ts";

/**
 * Averages what several trainings came to, weights and statistics of batch normalisation alike.
 *
 * @param checkpoints Of trainings of one net, or models of it, at least one.
 * @throws {InvalidArgumentError} There is no checkpoint.
 * @throws {CheckpointError} One is not there, damaged, or of another net than the first.
 */
export async function averageRuns(checkpoints: readonly string[]): Promise<Weights> {
  return meanOf(await Promise.all(checkpoints.map(readStart)));
}

/**
 * The model file of an average, which tells of all its runs.
 *
 * @param checkpoints As for {@link averageRuns}.
 * @throws {InvalidArgumentError} There is no checkpoint.
 * @throws {CheckpointError} One is not there, damaged, or of another net than the first.
 */
export async function averagedModel(checkpoints: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const starts = await Promise.all(checkpoints.map(readStart));
  const weights = await meanOf(starts);
  const corpora = [...new Set(starts.flatMap((start) => start.corpora))];
  const trainingData = starts.find((start) => start.trainingData)?.trainingData;
  return (await taskOf(recipeOf(starts[0]!))).buildModel(weights, {
    training: { runsAveraged: starts.map(recipeOf), corpora },
    ...(trainingData && { trainingData }),
  });
}

async function meanOf(starts: readonly Start[]): Promise<Weights> {
  const [first] = starts;
  if (!first) throw new InvalidArgumentError("averageRuns: there is no checkpoint");
  const layout = weightLayout((await taskOf(recipeOf(first))).buildStep());
  const runs = starts.map((start) => start.weights(layout));
  const mean = runs[0]!.map((_, i) => runs.reduce((sum, run) => sum + run[i]!, 0) / runs.length);
  return toWeights(mean, layout);
}

/** What a model does not tell of its recipe is as it is now. */
function recipeOf({ recipe }: Start): Recipe {
  const { architecture } = recipe;
  const defaults = architecture === "stream" ? createStreamRecipe() : createRecipe(architecture);
  return { ...defaults, ...recipe } as Recipe;
}
