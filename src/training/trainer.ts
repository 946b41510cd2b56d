// Training, from recordings to weights. The recipe's numbers are in recipe.ts; what differs from model to model, in its task;
// how examples are drawn, in arithmetic/ and stream/; the nets and their gradients, in model/, live/ and graph/.

import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { ClipsByRole } from "../corpus/dataset.ts";
import type { Weights } from "../model/layers.ts";
import { describeRun, loadCheckpoint, saveCheckpoint, type TrainingState } from "./checkpoint.ts";
import { createOptimizer, startState } from "./optimizer.ts";
import type { Hyperparameters, Recipe } from "./recipe.ts";
import { readStart } from "./start-weights.ts";
import { taskOf } from "./task.ts";
import { toWeights, weightLayout } from "./weight-layout.ts";
import { startWorkers } from "./worker-pool.ts";

/** A line of the training log. */
export type TrainingRecord = {
  /** Steps done. */
  step: number;
  /** Mean loss over the steps since the last record. */
  loss: number;
  learningRate: number;
  /** Share of right predictions on the validation part, where it was measured. */
  validationAccuracy?: number;
  /** Since this process started training, in ms. */
  elapsedMs: number;
  examplesPerSecond: number;
};

/** How many steps lie between records, looks at the validation part and checkpoints; the latter are multiples of records. */
type Intervals = { record: number; validation: number; checkpoint: number };

/** Forty looks at the validation part, or one every 200 steps where that is rarer. */
function defaultIntervals({ steps }: Hyperparameters): Intervals {
  return { record: 20, validation: Math.max(200, 100 * Math.round(steps / 4000)), checkpoint: 100 };
}

/** What a training is given besides its recipe. */
export type TrainingOptions = {
  /** What is trained on. */
  train: ClipsByRole;
  /** Watched, never trained on and never chosen by. */
  validation: ClipsByRole;
  /** A classifier's file to learn from as well. Default: none. */
  teacher?: Uint8Array;
  /** Names of the corpora in all of these, kept in the checkpoint. Default: none. */
  corpora?: readonly string[];
  /** Threads. Default: as many as the machine has. */
  workers?: number;
  /** Where to keep the state, to go on from with `resume`. Default: nowhere. */
  checkpointPath?: string;
  /** Go on from the checkpoint when there is one. Default: start anew. */
  resume?: boolean;
  /** Ends the training after the step under way, with a checkpoint where one is kept. */
  signal?: AbortSignal;
  /** Checkpoint or model of another training of the same net, whose weights this one starts from. Default: starts from none. */
  startFrom?: string;
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void | Promise<void>;
  /** Steps between records, looks at the validation part and checkpoints. Default: 20, a fortieth of all but at least 200, 100. */
  intervals?: Intervals;
};

/**
 * Trains a model. The same recipe and recordings give the same model, whatever the number of workers and however often
 * the run was ended and resumed.
 *
 * @param recipe Of any model of the family.
 * @param options See {@link TrainingOptions}.
 * @returns The trained weights: the moving average at the last step.
 * @throws {CheckpointError} The checkpoint to resume or to start from is damaged, of another run or another net.
 * @throws The signal's reason.
 */
export async function train(recipe: Recipe, options: TrainingOptions): Promise<Weights> {
  const { checkpointPath, workers = availableParallelism(), corpora = [], signal } = options;
  const intervals = options.intervals ?? defaultIntervals(recipe);
  const data = { clips: options.train, teacher: options.teacher };
  const task = await taskOf(recipe);
  const step = task.buildStep();
  const layout = weightLayout(step);
  const start = options.startFrom ? (await readStart(options.startFrom)).weights(layout) : undefined;
  const run = describeRun(recipe, data, start);
  const earlier = options.resume && checkpointPath ? await loadCheckpoint(checkpointPath, run) : undefined;
  const state = earlier ?? startState(recipe, step, layout, start);

  const optimizer = await createOptimizer(recipe, state, layout);
  const pool = await startWorkers(recipe, data, { size: layout.size, workers }).catch(
    async (error: unknown) => {
      await optimizer.release();
      throw error;
    },
  );
  // Else a run begun anew and ended early would be resumed from what was there before it.
  if (checkpointPath && !options.resume) await rm(checkpointPath, { force: true });
  const validate = task.createValidator(options.validation);
  const record = createRecorder(recipe, { onRecord: options.onRecord, intervals }, state.step);
  const gradient = new Float32Array(layout.size);
  const due = (interval: number) => state.step % interval === 0 || state.step === recipe.steps;
  try {
    signal?.throwIfAborted();
    while (state.step < recipe.steps) {
      pool.weights.set(state.weights);
      const loss = await pool.run(state.step, gradient);
      const learningRate = await optimizer.update(gradient);
      const validationAccuracy = due(intervals.validation)
        ? await validate(toWeights(state.average, layout))
        : undefined;
      await record(state, { loss, learningRate, validationAccuracy });
      if (checkpointPath && (due(intervals.checkpoint) || signal?.aborted)) {
        await saveCheckpoint(checkpointPath, state, { run, corpora });
      }
      signal?.throwIfAborted();
    }
  } finally {
    await Promise.all([pool.close(), optimizer.release()]);
  }
  return toWeights(state.average, layout);
}

type Measured = Pick<TrainingRecord, "loss" | "learningRate" | "validationAccuracy">;

/** Adds up the losses, and makes a record of every so many steps. */
function createRecorder(
  recipe: Hyperparameters,
  { onRecord, intervals }: Pick<TrainingOptions, "onRecord"> & { intervals: Intervals },
  firstStep: number,
) {
  const start = performance.now();
  return async (
    state: TrainingState,
    { loss, learningRate, validationAccuracy }: Measured,
  ): Promise<void> => {
    const { step, losses = [] } = state;
    losses.push(loss);
    state.losses = losses;
    if (step % intervals.record !== 0 && step !== recipe.steps) return;
    const elapsedMs = Math.round(performance.now() - start);
    const examplesPerSecond = Math.round(((step - firstStep) * recipe.batchSize * 1000) / elapsedMs);
    const meanLoss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    state.losses = [];
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
