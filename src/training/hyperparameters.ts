import { InvalidArgumentError } from "../errors.ts";

/** The settings of a training that do not depend on what is trained. Their numbers are in recipe.ts. */
export type Hyperparameters = {
  /** Of the initial weights, the order of the examples and every augmentation. */
  seed: number;
  /** Optimizer steps, >= 1. */
  steps: number;
  /** Examples per step, a multiple of groupSize. */
  batchSize: number;
  /** Examples of a micro-batch: they go through the net together and share batch statistics. */
  groupSize: number;
  /** Highest learning rate of the cycle. */
  learningRate: number;
  /** Share of the steps in which the learning rate rises. */
  warmupShare: number;
  /** Learning rate of the last step, as a share of the highest. */
  finalRateShare: number;
  /** Gradients with a larger norm over all parameters are scaled down to it. */
  clipNorm: number;
  /** Decay rates of AdamW's means of the gradient and of its square, and what is added to the square's root. */
  adamW: { beta1: number; beta2: number; epsilon: number };
  /** Learning rate of the convolutions under Muon, as a multiple of `learningRate`; 0: AdamW trains them like all else. */
  muonFactor: number;
  /** Share of Muon's momentum that each step keeps. */
  muonMomentum: number;
  /** Decay of convolution and dense weights per step, times the learning rate. */
  weightDecay: number;
  /** Share kept per step by the moving average of the weights, which is the model that ships. */
  emaDecay: number;
};

/**
 * Checks the settings of a training.
 *
 * @param settings What a caller made.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function checkHyperparameters(settings: Hyperparameters): void {
  const { steps, batchSize, groupSize, seed } = settings;
  for (const [name, value] of Object.entries({ steps, batchSize, groupSize })) {
    if (!(Number.isInteger(value) && value >= 1)) refuse(name, "a whole number >= 1", value);
  }
  if (!Number.isInteger(seed)) refuse("seed", "a whole number", seed);
  if (batchSize % groupSize !== 0) refuse("batchSize", `a multiple of groupSize ${groupSize}`, batchSize);
  for (const name of ["learningRate", "clipNorm"] as const) {
    if (!(settings[name] > 0)) refuse(name, "> 0", settings[name]);
  }
  if (!(settings.muonFactor >= 0)) refuse("muonFactor", ">= 0", settings.muonFactor);
  for (const name of ["warmupShare", "emaDecay", "muonMomentum"] as const) {
    if (!(settings[name] >= 0 && settings[name] < 1)) refuse(name, "in [0, 1)", settings[name]);
  }
}

function refuse(name: string, rule: string, value: number): never {
  throw new InvalidArgumentError(`recipe: ${name} must be ${rule}, got ${value}`);
}
