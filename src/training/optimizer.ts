// The optimizer on the flat state of a training: AdamW under a one-cycle learning rate, and the moving average.

import { adamWStepInPlace, DEFAULT_ADAMW } from "./arithmetic/adamw.ts";
import { updateEmaInPlace } from "./arithmetic/ema.ts";
import { oneCycleRate } from "./arithmetic/schedule.ts";
import type { TrainingState } from "./checkpoint.ts";
import type { Course } from "./course.ts";
import type { StepGraph } from "./step-graph.ts";
import type { WeightLayout } from "./weight-layout.ts";
import { initialiseInPlace, viewSlots } from "./weight-layout.ts";

/**
 * The state that training starts from.
 *
 * @param recipe For the seed.
 * @param step For how each parameter starts.
 * @param layout Where each lies.
 * @param start Flat weights of another training to start from. Default: the recipe's seed decides.
 */
export function startState(
  recipe: Course,
  step: StepGraph,
  layout: WeightLayout,
  start?: Float32Array,
): TrainingState {
  const weights = start?.slice() ?? new Float32Array(layout.size);
  if (!start) initialiseInPlace(weights, { step, layout, seed: recipe.seed });
  const zeros = () => new Float32Array(layout.size);
  return { step: 0, weights, average: weights.slice(), m: zeros(), v: zeros() };
}

/**
 * One step on the state, by gradients and batch statistics.
 *
 * @param recipe The settings.
 * @param layout Where each tensor lies.
 * @param state Changed by each call, its count of steps too.
 * @returns From the flat mean gradient and statistics to the learning rate that the step had.
 */
export function createOptimizer(
  recipe: Course,
  layout: WeightLayout,
  state: TrainingState,
): (gradient: Float32Array) => number {
  const { parameters, statistics } = layout;
  const weights = viewSlots(state.weights, parameters);
  const moments = { m: viewSlots(state.m, parameters), v: viewSlots(state.v, parameters) };
  const average = viewSlots(state.average, [...parameters, ...statistics]);
  const decayed = new Set(parameters.map(({ name }) => name).filter((name) => name.endsWith(".weight")));
  const settings = { ...DEFAULT_ADAMW, weightDecay: recipe.weightDecay };
  return (gradient) => {
    const { step } = state;
    const { steps: totalSteps, learningRate: peakRate, warmupShare } = recipe;
    const learningRate = oneCycleRate({ step, totalSteps, peakRate, warmupShare });
    const gradients = viewSlots(gradient, parameters);
    adamWStepInPlace({ weights, gradients, state: { t: step, ...moments }, decayed, learningRate, settings });
    const current = { ...weights, ...viewSlots(gradient, statistics) };
    updateEmaInPlace({ average, weights: current, decay: recipe.emaDecay, t: step });
    state.step = step + 1;
    return learningRate;
  };
}
