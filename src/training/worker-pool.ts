// Hands the groups of each step to worker threads, the next to whoever is free, and collects their gradients. The sums are
// taken in the order of the groups, so the result depends neither on the number of workers nor on who ran what.

import type { Worker } from "node:worker_threads";
import { InvalidArgumentError } from "../errors.ts";
import { spawnWorker } from "../spawn-worker.ts";
import type { TrainingClips } from "./group-step.ts";
import type { Recipe } from "./recipe.ts";
import type { FluentClip } from "./stream/fluent-clip.ts";
import type { StreamRecipe } from "./stream/stream-recipe.ts";

/** Clips in memory that all threads see. */
export type SharedClips = {
  /** All clips one after another, float32. */
  samples: SharedArrayBuffer;
  /** Where each clip ends in `samples`. */
  ends: readonly number[];
};

/** What a worker is started with. Buffers are shared. */
export type WorkerSetup = {
  recipe: Recipe | StreamRecipe;
  clips: SharedClips;
  labels: readonly number[];
  speakers?: readonly number[];
  otherWords: SharedClips;
  prompts: SharedClips;
  voices: SharedClips;
  fluent: SharedClips;
  /** What is said in each of `fluent`. */
  fluentStretches: readonly Omit<FluentClip, "samples">[];
  recordedNoise: SharedClips;
  /** A classifier's file, see {@link TrainingClips}. */
  teacher?: Uint8Array;
  /** Flat weights, float32. */
  weights: SharedArrayBuffer;
  /** One flat array of gradients and statistics per group, float32. */
  results: SharedArrayBuffer[];
};

/** Which group of which step to run. */
export type GroupRequest = { step: number; group: number };

/** The group's mean loss, or what went wrong. */
export type GroupResponse = { loss: number; error?: unknown };

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
 * @param data Recordings to train on.
 * @param options.size Number of weights and statistics.
 * @param options.workers Threads, >= 1; more than there are groups in a batch are not used.
 */
export async function startWorkers(
  recipe: Recipe | StreamRecipe,
  data: TrainingClips,
  options: { size: number; workers: number },
): Promise<WorkerPool> {
  if (!(Number.isSafeInteger(options.workers) && options.workers >= 1)) {
    throw new InvalidArgumentError(
      `startWorkers: workers must be a whole number >= 1, got ${options.workers}`,
    );
  }
  const groupCount = recipe.batchSize / recipe.groupSize;
  const setup = shareSetup(recipe, data, { size: options.size, groupCount });
  const count = Math.min(options.workers, groupCount);
  const workers = Array.from({ length: count }, () =>
    spawnWorker("training/step-worker", { workerData: setup }),
  );
  await Promise.all(workers.map(nextResponse)).catch(async (error: unknown) => {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  });
  const results = setup.results.map((buffer) => new Float32Array(buffer));
  return {
    weights: new Float32Array(setup.weights),
    async run(step, into) {
      const losses = new Float64Array(groupCount);
      const waiting = range(groupCount).values();
      const work = async (worker: Worker) => {
        for (const group of waiting) losses[group] = await runGroup(worker, { step, group });
      };
      await Promise.all(workers.map(work));
      meanInto(into, results);
      return losses.reduce((sum, loss) => sum + loss, 0) / groupCount;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function shareSetup(
  recipe: Recipe | StreamRecipe,
  {
    clips,
    labels,
    speakers,
    otherWords,
    prompts,
    voices,
    fluent = [],
    recordedNoise,
    teacher,
  }: TrainingClips,
  sizes: { size: number; groupCount: number },
): WorkerSetup {
  return {
    recipe,
    clips: shareClips(clips),
    labels,
    speakers,
    otherWords: shareClips(otherWords),
    prompts: shareClips(prompts),
    voices: shareClips(voices),
    fluent: shareClips(fluent.map(({ samples }) => samples)),
    fluentStretches: fluent.map(({ samples: _, ...said }) => said),
    recordedNoise: shareClips(recordedNoise),
    teacher,
    weights: new SharedArrayBuffer(4 * sizes.size),
    results: range(sizes.groupCount).map(() => new SharedArrayBuffer(4 * sizes.size)),
  };
}

function shareClips(clips: readonly Float32Array[] = []): SharedClips {
  const total = clips.reduce((sum, { length }) => sum + length, 0);
  const samples = new SharedArrayBuffer(4 * total);
  const all = new Float32Array(samples);
  const ends: number[] = [];
  for (const clip of clips) {
    all.set(clip, ends.at(-1) ?? 0);
    ends.push((ends.at(-1) ?? 0) + clip.length);
  }
  return { samples, ends };
}

async function runGroup(worker: Worker, request: GroupRequest): Promise<number> {
  const response = nextResponse(worker);
  worker.postMessage(request);
  return (await response).loss;
}

function nextResponse(worker: Worker): Promise<GroupResponse> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      finish();
    };
    const onMessage = (response: GroupResponse) =>
      settle(() => (response.error ? reject(response.error) : resolve(response)));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a training worker ended with code ${code}`)));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}

function meanInto(into: Float32Array, parts: readonly Float32Array[]): void {
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (let k = 0; k < parts.length; k++) sum += parts[k]![i]!;
    into[i] = sum / parts.length;
  }
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
