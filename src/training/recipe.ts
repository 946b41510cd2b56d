// Every number of the training of a classifier, and what all trainings have in common.

import { InvalidArgumentError } from "../errors.ts";
import type { ArchitectureName } from "../model/architectures.ts";
import type { AugmentationSettings } from "./arithmetic/augmentation-settings.ts";
import type { StreamRecipe } from "./stream/stream-recipe.ts";

/** The settings of a training that do not depend on what is trained. */
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

/** How a classifier is trained. With the recordings, it determines the result to the last bit. */
export type ClassifierRecipe = Hyperparameters & {
  architecture: ArchitectureName;
  /** Share of the training part that is set aside to watch progress; never trained on. */
  validationShare: number;
  /** Least confidence for a digit, written into the model. */
  threshold: number;
  augmentation: AugmentationSettings;
  /** Share that the predictions of a teacher have in the targets, where there is one, 0..1. */
  distillationWeight: number;
};

/** How any model of the family is trained. */
export type Recipe = ClassifierRecipe | StreamRecipe;

/** What all recipes have in common; AdamW as in the code of its paper, but for the decay. */
export const COMMON = {
  seed: 1,
  warmupShare: 0.15,
  finalRateShare: 0.001,
  clipNorm: 5,
  adamW: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  muonFactor: 3,
  muonMomentum: 0.9,
  weightDecay: 0.05,
  emaDecay: 0.995,
} as const satisfies Partial<Hyperparameters>;

/** Augmentation where nothing says otherwise. */
export const DEFAULT_AUGMENTATION: Readonly<AugmentationSettings> = {
  speed: [0.8, 1.25],
  warp: [0.85, 1.18],
  warpCount: 13,
  centredShare: 0.2,
  cutShare: 0.08,
  jitterShare: 0.15,
  equaliserProbability: 0.6,
  equaliserGainDb: 8,
  lowEdgeHz: [0, 350],
  highEdgeHz: [3000, 4300],
  reverbProbability: 0.4,
  reverbTimeMs: [80, 600],
  directToReverbDb: [-3, 18],
  roomCount: 96,
  noiseProbability: 0.8,
  snrDb: [-3, 35],
  noiseWeights: { coloured: 4, babble: 2, recorded: 4, music: 0 },
  noiseTilt: [-0.5, 2],
  babbleTalkers: [3, 6],
  noiseSpanShare: 0.25,
  clippingProbability: 0.1,
  clippingDriveDb: [0, 15],
  peakDb: [-40, -1],
  muLawProbability: 0.1,
  noneShare: 0.12,
  noneWeights: {
    backwards: 3,
    half: 3,
    joined: 3,
    noise: 2,
    nearSilence: 1,
    otherWord: 6,
    voice: 0,
    piece: 0,
    madeUpWord: 3,
    patched: 0,
  },
  noneNoiseWeights: { coloured: 4, babble: 2, recorded: 4, music: 0 },
  halfShare: [0.35, 0.5],
  backwardsShare: 0.3,
  patchPieces: [3, 6],
  patchPieceMs: [50, 180],
  patchPieceShare: 0.42,
  bandMasks: 2,
  bandMaskShare: 0.15,
  stretchMasks: 2,
  stretchMaskShare: 0.16,
  mixupProbability: 0.5,
  mixupAlpha: 0.3,
  labelSmoothing: 0.1,
};

/**
 * Lighter damage, for short trainings: the voices of the corpus are learnt sooner, unseen ones less well. The standard net
 * is trained with it, since it learns from few examples an hour, and slowly: its dense layers see where in the window a
 * word stands, where the compact net takes the mean over the window.
 */
export const GENTLE_AUGMENTATION: Readonly<AugmentationSettings> = {
  ...DEFAULT_AUGMENTATION,
  centredShare: 0.4,
  cutShare: 0.04,
  equaliserProbability: 0.4,
  reverbProbability: 0.2,
  noiseProbability: 0.5,
  snrDb: [5, 35],
  noneShare: 0.08,
  bandMasks: 1,
  stretchMasks: 1,
  mixupProbability: 0.2,
};

const CLASSIFIER = {
  ...COMMON,
  batchSize: 64,
  groupSize: 32,
  validationShare: 0.1,
  threshold: 0.5,
  augmentation: DEFAULT_AUGMENTATION,
  distillationWeight: 0.7,
} satisfies Partial<ClassifierRecipe>;

const CLASSIFIERS: Record<ArchitectureName, ClassifierRecipe> = {
  compact: { ...CLASSIFIER, architecture: "compact", steps: 8000, learningRate: 5e-3 },
  standard: {
    ...CLASSIFIER,
    architecture: "standard",
    steps: 1500,
    learningRate: 1e-3,
    muonFactor: 0,
    augmentation: GENTLE_AUGMENTATION,
  },
};

/** Many negatives, most of them real words and noise: where all corpora train, there are both. */
const MANY_NEGATIVES = {
  noneShare: 0.36,
  noneWeights: {
    backwards: 3,
    half: 3,
    joined: 3,
    noise: 10,
    nearSilence: 1,
    otherWord: 12,
    voice: 12,
    piece: 24,
    madeUpWord: 6,
    patched: 6,
  },
  noneNoiseWeights: { coloured: 2, babble: 2, recorded: 6, music: 0 },
} satisfies Partial<AugmentationSettings>;

/**
 * What is other where all corpora train: there is more to learn, real words and noises to tell from digits, and the voices
 * of the validation part are none of those that train.
 */
export const ALL_CORPORA_CHANGES: Record<ArchitectureName, Readonly<Partial<ClassifierRecipe>>> = {
  compact: {
    steps: 15_000,
    batchSize: 128,
    learningRate: 6e-3,
    validationShare: 0,
    augmentation: { ...DEFAULT_AUGMENTATION, ...MANY_NEGATIVES, noiseProbability: 0.85, snrDb: [-5, 35] },
  },
  standard: {
    steps: 5000,
    learningRate: 2e-3,
    validationShare: 0,
    augmentation: { ...GENTLE_AUGMENTATION, ...MANY_NEGATIVES, noiseProbability: 0.7, snrDb: [0, 35] },
  },
};

/**
 * The recipe of a classifier, with changes.
 *
 * @param architecture Whose defaults to start from.
 * @param changes Settings to replace.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function createRecipe(
  architecture: ArchitectureName,
  changes: Partial<ClassifierRecipe> = {},
): ClassifierRecipe {
  const recipe = { ...CLASSIFIERS[architecture], ...changes, architecture };
  checkHyperparameters(recipe);
  for (const name of ["validationShare", "threshold", "distillationWeight"] as const) {
    if (!(recipe[name] >= 0 && recipe[name] < 1)) {
      throw new InvalidArgumentError(`recipe: ${name} must be in [0, 1), got ${recipe[name]}`);
    }
  }
  return recipe;
}

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
