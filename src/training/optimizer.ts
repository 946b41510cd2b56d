// The optimizer on the flat state of a training: Muon for the convolutions and AdamW for all else, under a one-cycle learning
// rate, and the moving average.

import * as ort from "onnxruntime-node";
import { adamWStepInPlace, clipNormInPlace, updateEmaInPlace } from "./arithmetic/update-weights.ts";
import type { TrainingState } from "./checkpoint.ts";
import { createMuon } from "./muon.ts";
import type { Hyperparameters } from "./recipe.ts";
import type { StepGraph } from "./step-graph.ts";
import { initialiseInPlace, type Slot, viewSlots, type WeightLayout } from "./weight-layout.ts";

/**
 * The state that training starts from.
 *
 * @param recipe For the seed.
 * @param step For how each parameter starts.
 * @param layout Where each lies.
 * @param start Flat weights of another training to start from. Default: the recipe's seed decides.
 */
export function startState(
  recipe: Hyperparameters,
  step: StepGraph,
  layout: WeightLayout,
  start?: Float32Array,
): TrainingState {
  const weights = start?.slice() ?? new Float32Array(layout.size);
  if (!start) initialiseInPlace(weights, { step, layout, seed: recipe.seed });
  const zeros = () => new Float32Array(layout.size);
  return { step: 0, weights, average: weights.slice(), m: zeros(), v: zeros() };
}

/** Changes the state of a training, step by step. */
export type Optimizer = {
  /**
   * One step.
   *
   * @param gradient Flat mean gradient and batch statistics; changed.
   * @returns The learning rate that the step had.
   */
  update(gradient: Float32Array): Promise<number>;
  /** Frees the memory. */
  release(): Promise<void>;
};

/**
 * Prepares the optimizer.
 *
 * @param recipe The settings.
 * @param state Changed by each step, its count of steps too.
 * @param layout Where each tensor lies.
 */
export async function createOptimizer(
  recipe: Hyperparameters,
  state: TrainingState,
  layout: WeightLayout,
): Promise<Optimizer> {
  const { parameters, statistics } = layout;
  const average = viewSlots(state.average, [...parameters, ...statistics]);
  const [convolutions, others] = partSlots(parameters, recipe);
  const muon = convolutions.length > 0 ? await createMuon(ort, convolutions, recipe.muonMomentum) : undefined;
  const adamW = {
    weights: viewSlots(state.weights, others),
    moments: { m: viewSlots(state.m, others), v: viewSlots(state.v, others) },
    decayed: new Set(others.map(({ name }) => name).filter((name) => name.endsWith(".weight"))),
    settings: { ...recipe.adamW, weightDecay: recipe.weightDecay },
  };
  const weights = viewSlots(state.weights, parameters);
  const momenta = viewSlots(state.m, convolutions);
  const parameterCount = parameters.reduce((sum, { length }) => sum + length, 0);
  return {
    async update(gradient) {
      const { step } = state;
      const { weightDecay, muonFactor } = recipe;
      const learningRate = oneCycleRate({
        step,
        totalSteps: recipe.steps,
        peakRate: recipe.learningRate,
        warmupShare: recipe.warmupShare,
        finalShare: recipe.finalRateShare,
      });
      clipNormInPlace(gradient.subarray(0, parameterCount), recipe.clipNorm);
      const gradients = viewSlots(gradient, parameters);
      await muon?.stepInPlace({
        weights,
        gradients,
        momenta,
        learningRate: muonFactor * learningRate,
        decay: weightDecay * learningRate,
      });
      const { moments, ...rest } = adamW;
      adamWStepInPlace({ ...rest, gradients, state: { t: step, ...moments }, learningRate });
      const current = { ...weights, ...viewSlots(gradient, statistics) };
      updateEmaInPlace({ average, weights: current, decay: recipe.emaDecay, t: step });
      state.step = step + 1;
      return learningRate;
    },
    release: async () => muon?.release(),
  };
}

/** The weights that Muon trains, and all that AdamW does. */
function partSlots(
  parameters: readonly Slot[],
  { muonFactor }: Hyperparameters,
): [convolutions: Slot[], others: Slot[]] {
  const underMuon = ({ shape }: Slot) => muonFactor > 0 && shape.length === 4;
  return [parameters.filter(underMuon), parameters.filter((slot) => !underMuon(slot))];
}

/**
 * Learning rate that rises linearly to the peak, then falls along half a cosine to `finalShare` of it.
 *
 * @param options.step In [0, totalSteps); later steps get the final rate.
 * @param options.totalSteps Steps of the whole training, >= 1.
 * @param options.peakRate Highest rate, > 0.
 * @param options.warmupShare Share of the steps that rise, in [0, 1). Step 0 already has a rate above 0.
 * @param options.finalShare Rate of the last step as a share of the peak, in [0, 1].
 */
export function oneCycleRate(options: {
  step: number;
  totalSteps: number;
  peakRate: number;
  warmupShare: number;
  finalShare: number;
}): number {
  const { step, totalSteps, peakRate, warmupShare, finalShare } = options;
  const warmupSteps = Math.floor(warmupShare * totalSteps);
  if (step < warmupSteps) return (peakRate * (step + 1)) / (warmupSteps + 1);
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - 1 - warmupSteps));
  return peakRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
