// What a training step does to the weights, on plain arrays: the gradient is clipped, AdamW moves the weights, and their moving
// average follows.
//
// AdamW is Adam with weight decay applied to the weights themselves instead of through the gradient (Loshchilov and Hutter,
// Decoupled Weight Decay Regularization, ICLR 2019, algorithm 2, with the learning rate as its schedule); the same update as
// torch.optim.AdamW. The average is exponential (Polyak averaging with forgetting, as in Szegedy et al., Rethinking the
// Inception Architecture, 2016, section 8). Its decay warms up as in TensorFlow's ExponentialMovingAverage with num_updates, so
// that the first steps do not stay in the average.

import { InvalidArgumentError } from "../../errors.ts";

/** Parameters, gradients or moments by name. */
export type NamedArrays = Readonly<Record<string, Float32Array>>;

/** What AdamW remembers between steps; with the weights, all that a checkpoint needs of it. */
export type AdamWState = {
  /** Steps done. */
  t: number;
  /** Running mean of the gradient, by parameter name. */
  m: NamedArrays;
  /** Running mean of the squared gradient, by parameter name. */
  v: NamedArrays;
};

/** Constants of the optimizer. */
export type AdamWSettings = {
  /** Decay rate of the mean of the gradient, in [0, 1). */
  beta1: number;
  /** Decay rate of the mean of the squared gradient, in [0, 1). */
  beta2: number;
  /** Added to the root of the mean square, > 0. */
  epsilon: number;
  /** Share of a decayed weight taken off per step, times the learning rate; >= 0. */
  weightDecay: number;
};

/**
 * The state before the first step: t = 0, moments zero.
 *
 * @param weights The parameters that will be trained.
 */
export function createAdamWState(weights: NamedArrays): AdamWState {
  const zeros = () =>
    Object.fromEntries(Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]));
  return { t: 0, m: zeros(), v: zeros() };
}

/**
 * One step of AdamW. Changes `weights` and `state`; leaves `gradients` as they are.
 *
 * @param options.weights Parameters by name.
 * @param options.gradients Of the loss, one array for each parameter of the state, of its length.
 * @param options.state From `createAdamWState` or a checkpoint.
 * @param options.decayed Names of the parameters that weight decay applies to: weights of convolutions and dense
 * layers, neither biases nor batch norm.
 * @param options.learningRate Step size, >= 0.
 * @param options.settings Constants.
 */
export function adamWStepInPlace(options: {
  weights: NamedArrays;
  gradients: NamedArrays;
  state: AdamWState;
  decayed: ReadonlySet<string>;
  learningRate: number;
  settings: AdamWSettings;
}): void {
  const { weights, gradients, state, decayed, learningRate, settings } = options;
  const names = Object.keys(state.m);
  state.t += 1;
  for (const name of names) {
    updateInPlace(weights[name]!, gradients[name]!, state.m[name]!, state.v[name]!, {
      ...settings,
      t: state.t,
      learningRate,
      weightDecay: decayed.has(name) ? settings.weightDecay : 0,
    });
  }
}

function updateInPlace(
  weights: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  step: AdamWSettings & { t: number; learningRate: number },
): void {
  const { beta1, beta2, epsilon, learningRate } = step;
  const keep = 1 - learningRate * step.weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step.t);
  const correction = 1 / Math.sqrt(1 - beta2 ** step.t);
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i]!;
    const mean = beta1 * m[i]! + (1 - beta1) * g;
    const square = beta2 * v[i]! + (1 - beta2) * g * g;
    m[i] = mean;
    v[i] = square;
    weights[i] = keep * weights[i]! - (stepSize * mean) / (Math.sqrt(square) * correction + epsilon);
  }
}

/**
 * Scales a gradient down to a norm, if its own is larger; the same as torch.nn.utils.clip_grad_norm_.
 *
 * @param gradient Of all parameters, changed in place.
 * @param largest Euclidean norm, > 0.
 * @returns The norm before.
 * @throws {InvalidArgumentError} It is not finite; nothing has been changed then.
 */
export function clipNormInPlace(gradient: Float32Array, largest: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm))
    throw new InvalidArgumentError(`clipNormInPlace: the norm of the gradient must be finite, got ${norm}`);
  // The 1e-6 is torch's.
  const scale = largest / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i]! *= scale;
  return norm;
}

/**
 * Share of the old average that is kept at a step: min(decay, (1 + t) / (10 + t)).
 *
 * @param options.decay Share kept in the long run, in [0, 1).
 * @param options.t Updates done before this one, >= 0.
 */
export function emaDecay(options: { decay: number; t: number }): number {
  return Math.min(options.decay, (1 + options.t) / (10 + options.t));
}

/**
 * Moves an average towards the weights: average = kept * average + (1 - kept) * weights. Start from a copy of them.
 *
 * @param options.average Changed; arrays by the same names and of the same lengths as `weights`.
 * @param options.weights Current values.
 * @param options.decay Share kept in the long run, in [0, 1).
 * @param options.t Updates done before this one, >= 0; see {@link emaDecay}.
 */
export function updateEmaInPlace(options: {
  average: NamedArrays;
  weights: NamedArrays;
  decay: number;
  t: number;
}): void {
  const { average, weights } = options;
  const kept = emaDecay(options);
  for (const name of Object.keys(average)) {
    const target = average[name]!;
    const source = weights[name]!;
    for (let i = 0; i < target.length; i++) target[i] = kept * target[i]! + (1 - kept) * source[i]!;
  }
}
