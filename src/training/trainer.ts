// Training, from recordings to a model file. The recipe's numbers are in recipe.ts; how an example is drawn, in
// arithmetic/; the net and its gradients, in model/ and graph/.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { architecture } from "../model/architectures.ts";
import { buildModel } from "../model/build-model.ts";
import { createClassifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { ModelMetadata } from "../model/model-metadata.ts";
import { adamWStepInPlace, DEFAULT_ADAMW } from "./arithmetic/adamw.ts";
import { updateEmaInPlace } from "./arithmetic/ema.ts";
import { oneCycleRate } from "./arithmetic/schedule.ts";
import type { TrainingState } from "./checkpoint.ts";
import { readCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import type { TrainingClips } from "./group-step.ts";
import type { Recipe } from "./recipe.ts";
import { buildStepGraph } from "./step-graph.ts";
import type { WeightLayout } from "./weight-layout.ts";
import { initialiseInPlace, toWeights, viewSlots, weightLayout } from "./weight-layout.ts";
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
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void | Promise<void>;
};

/** Steps between records, between looks at the validation part, and between checkpoints; multiples of the first. */
const RECORD_STEPS = 20;
const VALIDATION_STEPS = 200;
const CHECKPOINT_STEPS = 100;

/**
 * Trains a model. The same recipe and recordings give the same model, whatever the number of workers and however often
 * the run was ended and resumed.
 *
 * @param recipe See {@link Recipe}.
 * @param options See {@link TrainingOptions}.
 * @returns The trained weights: the moving average at the last step.
 * @throws {CheckpointError} The checkpoint to resume from is damaged or of another run.
 */
export async function train(recipe: Recipe, options: TrainingOptions): Promise<ReturnType<typeof toWeights>> {
  const step = buildStepGraph(architecture(recipe.architecture), { batchSize: 1, warpFactors: [1] });
  const layout = weightLayout(step);
  const run = describeRun(recipe, options.train);
  const state = (options.resume && (await loadCheckpoint(options, run))) || startState(recipe, step, layout);
  const pool = await startWorkers(recipe, options.train, {
    size: layout.size,
    workers: options.workers ?? availableParallelism(),
  });
  try {
    await runSteps(recipe, options, { state, layout, pool, run });
  } finally {
    await pool.close();
  }
  return toWeights(state.average, layout);
}

type Running = {
  state: TrainingState;
  layout: WeightLayout;
  pool: Awaited<ReturnType<typeof startWorkers>>;
  run: string;
};

async function runSteps(
  recipe: Recipe,
  options: TrainingOptions,
  { state, layout, pool, run }: Running,
): Promise<void> {
  const update = optimizer(recipe, layout, state);
  const gradient = new Float32Array(layout.size);
  const clock = { start: performance.now(), firstStep: state.step };
  let lossSum = 0;
  while (state.step < recipe.steps) {
    pool.weights.set(state.weights);
    lossSum += await pool.run(state.step, gradient);
    const learningRate = update(gradient);
    state.step += 1;
    const due = (every: number) => state.step % every === 0 || state.step === recipe.steps;
    if (due(CHECKPOINT_STEPS) && options.checkpointPath)
      await saveCheckpoint(options.checkpointPath, state, run);
    if (!due(RECORD_STEPS)) continue;
    const validated = due(VALIDATION_STEPS) && options.validation.clips.length > 0;
    const validationAccuracy = validated
      ? await validate(recipe, options.validation, state, layout)
      : undefined;
    const elapsedMs = Math.round(performance.now() - clock.start);
    const examplesPerSecond = Math.round(
      ((state.step - clock.firstStep) * recipe.batchSize * 1000) / elapsedMs,
    );
    const loss = lossSum / (state.step % RECORD_STEPS || RECORD_STEPS);
    lossSum = 0;
    await options.onRecord?.({
      step: state.step,
      loss,
      learningRate,
      validationAccuracy,
      elapsedMs,
      examplesPerSecond,
    });
  }
}

/** One optimizer step on the state, from the flat mean gradient and statistics; returns the learning rate it had. */
function optimizer(
  recipe: Recipe,
  layout: WeightLayout,
  state: TrainingState,
): (gradient: Float32Array) => number {
  const { parameters, statistics } = layout;
  const weights = viewSlots(state.weights, parameters);
  const moments = { m: viewSlots(state.m, parameters), v: viewSlots(state.v, parameters) };
  const average = viewSlots(state.average, [...parameters, ...statistics]);
  const decayed = new Set(parameters.filter(({ name }) => name.endsWith(".weight")).map(({ name }) => name));
  const settings = { ...DEFAULT_ADAMW, weightDecay: recipe.weightDecay };
  return (gradient) => {
    const learningRate = oneCycleRate({
      step: state.step,
      totalSteps: recipe.steps,
      peakRate: recipe.learningRate,
      warmupShare: recipe.warmupShare,
    });
    const gradients = viewSlots(gradient, parameters);
    adamWStepInPlace({
      weights,
      gradients,
      state: { t: state.step, ...moments },
      decayed,
      learningRate,
      settings,
    });
    const current = { ...weights, ...viewSlots(gradient, statistics) };
    updateEmaInPlace({ average, weights: current, decay: recipe.emaDecay, t: state.step });
    return learningRate;
  };
}

function startState(
  recipe: Recipe,
  step: ReturnType<typeof buildStepGraph>,
  layout: WeightLayout,
): TrainingState {
  const weights = new Float32Array(layout.size);
  initialiseInPlace(weights, { step, layout, seed: recipe.seed });
  const zeros = () => new Float32Array(layout.size);
  return { step: 0, weights, average: weights.slice(), m: zeros(), v: zeros() };
}

async function validate(
  recipe: Recipe,
  { clips, labels }: TrainingClips,
  state: TrainingState,
  layout: WeightLayout,
): Promise<number> {
  const bytes = buildModel(toWeights(state.average, layout), untestedMetadata(recipe));
  const classifier = await createClassifier(ort, bytes, { threads: availableParallelism() });
  const predictions = await classifier.classifyBatch(clips, { sampleRate: SAMPLE_RATE });
  await classifier.release();
  return predictions.filter(({ topDigit }, i) => topDigit === labels[i]).length / clips.length;
}

/** Metadata of a model that has not been tested yet. @param recipe Its recipe. @param trainingData In words. */
export function untestedMetadata(recipe: Recipe, trainingData = ""): ModelMetadata {
  const { architecture: name, threshold, ...training } = recipe;
  return { architecture: name, threshold, trainingData, training, accuracy: {} };
}

async function loadCheckpoint(
  { checkpointPath }: TrainingOptions,
  run: string,
): Promise<TrainingState | undefined> {
  if (!checkpointPath) return undefined;
  const bytes = await readFile(checkpointPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return bytes && readCheckpoint(bytes, run);
}

/** The recipe and a fingerprint (FNV-1a) of the recordings and their labels. */
function describeRun(recipe: Recipe, { clips, labels }: TrainingClips): string {
  let hash = 0x811c9dc5;
  clips.forEach((clip, i) => {
    for (const word of [labels[i]!, clip.length, ...new Uint32Array(clip.slice(0, 64).buffer)]) {
      hash = Math.imul(hash ^ word, 0x01000193);
    }
  });
  return JSON.stringify({ recipe, clips: clips.length, fingerprint: hash >>> 0 });
}
