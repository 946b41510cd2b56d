// What there is to train: one kind of model, as the trainer, its threads, the averaging and the command line see it.

import type { ClipsByRole } from "../corpus/dataset.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import type { Weights } from "../model/layers.ts";
import type { OperatingPoints } from "../model/prediction.ts";
import type { Recipe } from "./recipe.ts";
import type { StepGraph } from "./step-graph.ts";

/** What a step's graph is fed, by the names of its inputs, but for weights and dropout masks. */
type Feeds = Record<string, Float32Array | Int32Array>;

/** What examples are made of. */
export type TrainingData = {
  clips: ClipsByRole;
  /** A classifier's file to learn from as well. Default: none. */
  teacher?: Uint8Array;
};

/** Draws micro-batches, augmented. */
export type BatchDrawer = {
  /**
   * @param step Which step, from 0.
   * @param group Which micro-batch of the step, from 0.
   * @returns Arrays that are the drawer's own, to be used before the next call.
   */
  draw(step: number, group: number): Feeds | Promise<Feeds>;
  /** Frees the memory. */
  release(): Promise<void>;
};

/** What a model file says of its training. */
export type TrainingDescription = {
  /** Hyperparameters and whatever else tells how it was made. */
  training: Record<string, unknown>;
  /** What it was trained on, in words. Default: nothing is said. */
  trainingData?: string;
  /** Measured shares of right predictions, by the name of the test. Default: none. */
  accuracy?: Record<string, number>;
  /** Thresholds by name, where it was calibrated. Default: it was not. */
  operatingPoints?: OperatingPoints;
};

/** One kind of model in training. */
export type Task = {
  /** The graph of a step on one micro-batch. */
  buildStep(): StepGraph;
  /** Prepares the drawing of micro-batches. Throws `InvalidArgumentError` where the data do not suit the recipe. */
  createDrawer(ort: OnnxRuntime, data: TrainingData): Promise<BatchDrawer>;
  /**
   * Prepares looks at how far the training is.
   *
   * @param clips Not trained on; may be none.
   * @returns From weights to the share of right predictions, 0..1, or undefined without clips.
   */
  createValidator(clips: ClipsByRole): (weights: Weights) => Promise<number | undefined>;
  /** The model file of trained weights. */
  buildModel(weights: Weights, description: TrainingDescription): Uint8Array<ArrayBuffer>;
};

/**
 * The task that a recipe is of.
 *
 * @param recipe Of any model of the family.
 */
export async function taskOf(recipe: Recipe): Promise<Task> {
  if (recipe.architecture === "stream") {
    const { streamTask } = await import("./stream/stream-task.ts");
    return streamTask(recipe);
  }
  const { classifierTask } = await import("./classifier-task.ts");
  return classifierTask(recipe);
}
