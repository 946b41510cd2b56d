// Hands the groups of each step to worker threads, the next to whoever is free, and collects their gradients. The sums are
// taken in the order of the groups, so the result depends neither on the number of workers nor on who ran what.

import { type SharedClips, shareClips } from "../corpus/dataset.ts";
import { startThread } from "../workers/worker-thread.ts";
import type { Recipe } from "./recipe.ts";
import type { TrainingData } from "./task.ts";

/** What a worker is started with. Buffers are shared. */
export type WorkerSetup = {
  recipe: Recipe;
  clips: SharedClips;
  /** See {@link TrainingData}. */
  teacher?: Uint8Array;
  /** Flat weights, float32. */
  weights: SharedArrayBuffer;
  /** One flat array of gradients and statistics per group, float32. */
  results: SharedArrayBuffer[];
};

/** Calls of a worker: `load` first, then any groups of steps, for each its mean loss. */
export type StepCalls = {
  load: { payload: WorkerSetup; result: undefined };
  runGroup: { payload: { step: number; group: number }; result: number };
};

/** Runs steps on several threads. */
export type WorkerPool = {
  /** Flat weights that the next step will use; the caller changes them between steps. */
  readonly weights: Float32Array;
  /**
   * @param step Which step, from 0.
   * @param into Flat, as the weights: receives the mean gradients and statistics over the groups.
   * @returns The mean loss.
   */
  run(step: number, into: Float32Array): Promise<number>;
  close(): Promise<void>;
};

/**
 * Starts the workers and waits until they are ready.
 *
 * @param recipe The training's settings.
 * @param data What to train on.
 * @param options.size Number of weights and statistics.
 * @param options.workers Threads, >= 1; more than there are groups in a batch are not used.
 */
export async function startWorkers(
  recipe: Recipe,
  data: TrainingData,
  options: { size: number; workers: number },
): Promise<WorkerPool> {
  const groupCount = recipe.batchSize / recipe.groupSize;
  const setup = shareSetup(recipe, data, { size: options.size, groupCount });
  const count = Math.min(options.workers, groupCount);
  const workers = Array.from({ length: count }, () => startThread<StepCalls>("training/step-worker"));
  const endAll = () => Promise.all(workers.map((worker) => worker.end()));
  await Promise.all(workers.map((worker) => worker.call("load", setup))).catch(async (error: unknown) => {
    await endAll();
    throw error;
  });
  const results = setup.results.map((buffer) => new Float32Array(buffer));
  return {
    weights: new Float32Array(setup.weights),
    async run(step, into) {
      const losses = new Float64Array(groupCount);
      const waiting = range(groupCount).values();
      const work = async (worker: (typeof workers)[number]) => {
        for (const group of waiting) losses[group] = await worker.call("runGroup", { step, group });
      };
      await Promise.all(workers.map(work));
      meanInto(into, results);
      return losses.reduce((sum, loss) => sum + loss, 0) / groupCount;
    },
    async close() {
      await endAll();
    },
  };
}

function shareSetup(
  recipe: Recipe,
  { clips, teacher }: TrainingData,
  sizes: { size: number; groupCount: number },
): WorkerSetup {
  return {
    recipe,
    clips: shareClips(clips),
    teacher,
    weights: new SharedArrayBuffer(4 * sizes.size),
    results: range(sizes.groupCount).map(() => new SharedArrayBuffer(4 * sizes.size)),
  };
}

function meanInto(into: Float32Array, parts: readonly Float32Array[]): void {
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (let k = 0; k < parts.length; k++) sum += parts[k]![i]!;
    into[i] = sum / parts.length;
  }
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
