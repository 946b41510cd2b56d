// One net out of several trainings of it, each gone on from the one before: the mean of their weights can be better than any
// of them (model soups, Wortsman et al., https://arxiv.org/abs/2203.05482), and costs nothing when it is used.

import { InvalidArgumentError } from "../errors.ts";
import type { ArchitectureName } from "../model/architectures.ts";
import type { Weights } from "../model/layers.ts";
import { CHECKPOINT_FORMAT, readCheckpointRecipe } from "./checkpoint.ts";
import { createRecipe, type Recipe } from "./recipe.ts";
import { loadStartWeights, readStartCorpora, readStartMetadata } from "./start-weights.ts";
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
  const layout = weightLayout((await firstTask(checkpoints)).buildStep());
  const runs = await Promise.all(checkpoints.map((path) => loadStartWeights(path, layout)));
  const mean = runs[0]!.map((_, i) => runs.reduce((sum, run) => sum + run[i]!, 0) / runs.length);
  return toWeights(mean, layout);
}

/**
 * The model file of an average, which tells of all its runs.
 *
 * @param checkpoints As for {@link averageRuns}.
 * @throws {InvalidArgumentError} There is no checkpoint.
 * @throws {CheckpointError} One is not there, damaged, or of another net than the first.
 */
export async function averagedModel(checkpoints: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const weights = await averageRuns(checkpoints);
  const runsAveraged = await Promise.all(checkpoints.map(readStartRecipe));
  const corpora = new Set((await Promise.all(checkpoints.map(readStartCorpora))).flat());
  const training = { runsAveraged, corpora: [...corpora] };
  const trainingData = (await Promise.all(checkpoints.map(readStartTrainingData))).find((words) => words);
  return (await firstTask(checkpoints)).buildModel(weights, {
    training,
    ...(trainingData && { trainingData }),
  });
}

async function firstTask([first]: readonly string[]) {
  if (first === undefined) throw new InvalidArgumentError("averageRuns: there is no checkpoint");
  return taskOf(await readStartRecipe(first));
}

/** The recipe of the training whose weights a file holds; what a model does not tell of it is as it is now. */
async function readStartRecipe(path: string): Promise<Recipe> {
  const metadata = await readStartMetadata(path);
  if (metadata.format === CHECKPOINT_FORMAT) return (await readCheckpointRecipe(path)) as Recipe;
  const trained = JSON.parse(metadata.training ?? "{}") as Partial<Recipe>;
  if (metadata.format === "spoken-digits-stream") {
    return { ...createStreamRecipe(), ...trained, architecture: "stream" } as Recipe;
  }
  const architecture = metadata.architecture as ArchitectureName;
  return { ...createRecipe(architecture), ...trained, architecture } as Recipe;
}

/** What the weights were trained on, in words; checkpoints do not say. */
const readStartTrainingData = async (path: string) => (await readStartMetadata(path)).training_data;
