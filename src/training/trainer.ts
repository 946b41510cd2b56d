// Training, from recordings to weights. The recipe's numbers are in recipe.ts; how an example is drawn, in arithmetic/;
// the net and its gradients, in model/ and graph/.

import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { architecture } from "../model/architectures.ts";
import type { Weights } from "../model/layers.ts";
import type { TrainingState } from "./checkpoint.ts";
import { describeRun, loadCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { Course } from "./course.ts";
import type { TrainingClips } from "./group-step.ts";
import { createOptimizer, startState } from "./optimizer.ts";
import type { Recipe } from "./recipe.ts";
import { loadStartWeights } from "./start-weights.ts";
import type { StepGraph } from "./step-graph.ts";
import { buildStepGraph } from "./step-graph.ts";
import type { StreamRecipe } from "./stream/stream-recipe.ts";
import { validate } from "./validation.ts";
import type { WeightLayout } from "./weight-layout.ts";
import { toWeights, weightLayout } from "./weight-layout.ts";
import { startWorkers } from "./worker-pool.ts";

/** A line of the training log. */
export type TrainingRecord = {
  /** Steps done. */
  step: number;
  /** Mean loss over the steps since the last record. */
  loss: number;
  learningRate: number;
  /** Share of the validation clips answered rightly, where it was measured. */
  validationAccuracy?: number;
  /** Since this process started training, in ms. */
  elapsedMs: number;
  examplesPerSecond: number;
};

/** How many steps lie between records, looks at the validation part and checkpoints; the latter are multiples of records. */
export type Intervals = { record: number; validation: number; checkpoint: number };

/** Forty looks at the validation part, or one every 200 steps where that is rarer. */
function defaultIntervals({ steps }: Course): Intervals {
  return { record: 20, validation: Math.max(200, 100 * Math.round(steps / 4000)), checkpoint: 100 };
}

/** What a training is given besides its recipe. */
export type TrainingOptions = {
  /** What is trained on. */
  train: TrainingClips;
  /** Watched, never trained on and never chosen by. */
  validation: TrainingClips;
  /** Threads. Default: as many as the machine has. */
  workers?: number;
  /** Where to keep the state, to go on from with `resume`. Default: nowhere. */
  checkpointPath?: string;
  /** Go on from the checkpoint when there is one. Default: start anew. */
  resume?: boolean;
  /** Checkpoint of another training of the same net, or its model, whose weights this one starts from. Default: starts from none. */
  startFrom?: string;
  /** Names of the corpora that are heard, kept in the checkpoint. Default: none. */
  corpora?: readonly string[];
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void | Promise<void>;
  /** Steps between records, looks at the validation part and checkpoints. Default: 20, a fortieth of all but at least 200, 100. */
  intervals?: Intervals;
};

/**
 * Trains a model. The same recipe and recordings give the same model, whatever the number of workers and however often
 * the run was ended and resumed.
 *
 * @param recipe See {@link Recipe}.
 * @param options See {@link TrainingOptions}.
 * @returns The trained weights: the moving average at the last step.
 * @throws {CheckpointError} The checkpoint to resume or to start from is damaged, of another run or another net.
 */
export async function train(recipe: Recipe, options: TrainingOptions): Promise<Weights> {
  const step = buildStepGraph(architecture(recipe.architecture), { batchSize: 1, warpFactors: [1] });
  return trainCourse(recipe, {
    ...options,
    step,
    validate: (state, layout) => validate(recipe, options.validation, { state, layout }),
  });
}

/** What {@link trainCourse} is given: {@link TrainingOptions}, and what differs from kind to kind of model. */
export type CourseOptions = Omit<TrainingOptions, "validation"> & {
  /** The step's graph for one example. */
  step: StepGraph;
  /** A look at how far the training is: the share of right answers on what is not trained on. */
  validate: (state: TrainingState, layout: WeightLayout) => Promise<number | undefined>;
};

/**
 * Trains a model of any kind; see {@link train}.
 *
 * @param recipe The settings; the workers tell by it what is trained.
 * @param options See {@link CourseOptions}.
 * @returns The trained weights: the moving average at the last step.
 * @throws {CheckpointError} The checkpoint to resume from is damaged or of another run.
 */
export async function trainCourse(recipe: Recipe | StreamRecipe, options: CourseOptions): Promise<Weights> {
  const {
    step,
    checkpointPath,
    workers = availableParallelism(),
    intervals = defaultIntervals(recipe),
  } = options;
  const layout = weightLayout(step);
  const start = options.startFrom ? await loadStartWeights(options.startFrom, layout) : undefined;
  const run = describeRun(recipe, options.train, start);
  const earlier = options.resume && checkpointPath ? await loadCheckpoint(checkpointPath, run) : undefined;
  const state = earlier ?? startState(recipe, step, layout, start);

  const optimizer = await createOptimizer(recipe, state, layout);
  const pool = await startWorkers(recipe, options.train, { size: layout.size, workers }).catch(
    async (error: unknown) => {
      await optimizer.release();
      throw error;
    },
  );
  // Else a run begun anew and ended early would be resumed from what was there before it.
  if (checkpointPath && !options.resume) await rm(checkpointPath, { force: true });
  const gradient = new Float32Array(layout.size);
  const record = createRecorder(recipe, { ...options, intervals }, state.step);
  const { validation: validationSteps, checkpoint: checkpointSteps } = intervals;
  const due = (interval: number) => state.step % interval === 0 || state.step === recipe.steps;
  try {
    while (state.step < recipe.steps) {
      pool.weights.set(state.weights);
      const loss = await pool.run(state.step, gradient);
      const learningRate = await optimizer.update(gradient);
      const accuracy = due(validationSteps) ? await options.validate(state, layout) : undefined;
      await record(state, { loss, learningRate, validationAccuracy: accuracy });
      if (checkpointPath && due(checkpointSteps)) {
        await saveCheckpoint(checkpointPath, state, { run, corpora: options.corpora });
      }
    }
  } finally {
    await Promise.all([pool.close(), optimizer.release()]);
  }
  return toWeights(state.average, layout);
}

type Measured = Pick<TrainingRecord, "loss" | "learningRate" | "validationAccuracy">;

/** Adds up the losses, and makes a record of every so many steps. */
function createRecorder(
  recipe: Course,
  { onRecord, intervals }: Pick<TrainingOptions, "onRecord"> & { intervals: Intervals },
  firstStep: number,
) {
  const start = performance.now();
  let losses: number[] = [];
  return async (
    { step }: TrainingState,
    { loss, learningRate, validationAccuracy }: Measured,
  ): Promise<void> => {
    losses.push(loss);
    if (step % intervals.record !== 0 && step !== recipe.steps) return;
    const elapsedMs = Math.round(performance.now() - start);
    const examplesPerSecond = Math.round(((step - firstStep) * recipe.batchSize * 1000) / elapsedMs);
    const meanLoss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    losses = [];
    await onRecord?.({
      step,
      loss: meanLoss,
      learningRate,
      validationAccuracy,
      elapsedMs,
      examplesPerSecond,
    });
  };
}
