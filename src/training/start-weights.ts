// What a training, or an average of several, starts from: the file of another one, a checkpoint or a model.

import { readFile } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";
import { readOnnx } from "../graph/onnx-file.ts";
import { verifyChecksum } from "../model/model-file.ts";
import { CHECKPOINT_FORMAT } from "./checkpoint.ts";
import type { Recipe } from "./recipe.ts";
import type { WeightLayout } from "./weight-layout.ts";

/** What a file tells of the training that it comes from. */
export type Start = {
  /** Of that training, its architecture at least; checkpoints tell all of it. */
  recipe: Partial<Recipe> & Pick<Recipe, "architecture">;
  /** Names of the corpora that it was on; none where the file does not say. */
  corpora: string[];
  /** The same in words; checkpoints do not say. */
  trainingData: string | undefined;
  /**
   * Its weights, flat; of a checkpoint the moving average.
   *
   * @param layout Of the net to be trained.
   * @throws {CheckpointError} They are of another net.
   */
  weights(layout: WeightLayout): Float32Array;
};

/**
 * Reads what to start from.
 *
 * @param path A checkpoint or a model file.
 * @throws {CheckpointError} There is no such file, or it is damaged.
 */
export async function readStart(path: string): Promise<Start> {
  const file = await readContents(path);
  const { format, run, corpora, training = "{}", training_data: trainingData } = file.metadata;
  if (format === CHECKPOINT_FORMAT) {
    const { recipe } = JSON.parse(run!) as { recipe: Recipe };
    const named = JSON.parse(corpora!) as string[];
    return { recipe, corpora: named, trainingData, weights: (layout) => averageOf(path, file, layout) };
  }
  const trained = JSON.parse(training) as Partial<Recipe> & { corpora?: string[] };
  const architecture = (file.metadata.architecture ?? "stream") as Recipe["architecture"];
  const recipe = { ...trained, architecture } as Start["recipe"];
  return {
    recipe,
    corpora: trained.corpora ?? [],
    trainingData,
    weights: (layout) => namedOf(path, file, layout),
  };
}

type Contents = ReturnType<typeof readOnnx>;

async function readContents(path: string): Promise<Contents> {
  try {
    const bytes = await readFile(path);
    verifyChecksum(bytes);
    return readOnnx(bytes);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const what = isMissing ? "there is none" : "the file is damaged";
    throw new CheckpointError(`start weights ${path}: ${what}`, { cause });
  }
}

function averageOf(path: string, { constants }: Contents, { size }: WeightLayout): Float32Array {
  const average = constants.get("average_data")?.data;
  return average?.length === size ? average : refuse(path, `${size} numbers`, average?.length);
}

function namedOf(path: string, { constants }: Contents, layout: WeightLayout): Float32Array {
  const flat = new Float32Array(layout.size);
  for (const { name, offset, length } of [...layout.parameters, ...layout.statistics]) {
    const data = constants.get(name)?.data;
    flat.set(
      data?.length === length ? data : refuse(path, `${length} numbers as ${name}`, data?.length),
      offset,
    );
  }
  return flat;
}

function refuse(path: string, wanted: string, got: number | undefined): never {
  throw new CheckpointError(
    `start weights ${path}: needs ${wanted}, got ${got ?? "none"}; it is of another net`,
  );
}
