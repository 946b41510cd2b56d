// The recipe: every setting of a training, in one place.

import { InvalidArgumentError } from "../errors.ts";
import type { ArchitectureName } from "../model/architectures.ts";
import type { AugmentationSettings } from "./arithmetic/augmentation-settings.ts";
import { DEFAULT_AUGMENTATION } from "./arithmetic/augmentation-settings.ts";
import type { Course } from "./course.ts";
import { checkCourse } from "./course.ts";

export { DEFAULT_AUGMENTATION };

/** How a model is trained. With the recordings, it determines the result to the last bit. */
export type Recipe = Course & {
  architecture: ArchitectureName;
  /** Share of the training part that is set aside to watch progress; never trained on. */
  validationShare: number;
  /** Least confidence for a digit, written into the model. */
  threshold: number;
  augmentation: AugmentationSettings;
  /** Share that the answers of a teacher have in the targets, where there is one, 0..1. */
  teacherShare: number;
};

const COMMON = {
  seed: 1,
  batchSize: 64,
  groupSize: 32,
  warmupShare: 0.15,
  muonFactor: 3,
  weightDecay: 0.05,
  emaDecay: 0.995,
  validationShare: 0.1,
  threshold: 0.5,
  augmentation: DEFAULT_AUGMENTATION,
  teacherShare: 0.7,
} satisfies Partial<Recipe>;

/**
 * Lighter damage, for short trainings: the voices of the corpus are learnt sooner, strangers less well. The standard net
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

/** Much of what is not a digit, most of it real words and noise: where all corpora train, there are both. */
const MUCH_NONE = {
  noneShare: 0.3,
  noneWeights: {
    backwards: 3,
    half: 3,
    joined: 3,
    noise: 10,
    nearSilence: 1,
    otherWord: 12,
    voice: 12,
    madeUpWord: 6,
    patched: 6,
  },
  noneNoiseWeights: { coloured: 2, babble: 2, recorded: 6 },
} satisfies Partial<AugmentationSettings>;

/**
 * What is other where all corpora train: there is more to learn, real words and noises to tell from digits, and the voices
 * that watch are none of those that train.
 */
export const ALL_CORPORA_CHANGES: Record<ArchitectureName, Readonly<Partial<Recipe>>> = {
  compact: {
    steps: 15_000,
    batchSize: 128,
    learningRate: 6e-3,
    validationShare: 0,
    augmentation: { ...DEFAULT_AUGMENTATION, ...MUCH_NONE, noiseProbability: 0.85, snrDb: [-5, 35] },
  },
  standard: {
    steps: 5000,
    learningRate: 2e-3,
    validationShare: 0,
    augmentation: { ...GENTLE_AUGMENTATION, ...MUCH_NONE, noiseProbability: 0.7, snrDb: [0, 35] },
  },
};

const RECIPES: Record<ArchitectureName, Recipe> = {
  compact: { ...COMMON, architecture: "compact", steps: 8000, learningRate: 5e-3 },
  standard: {
    ...COMMON,
    architecture: "standard",
    steps: 1500,
    learningRate: 1e-3,
    muonFactor: 0,
    augmentation: GENTLE_AUGMENTATION,
  },
};

/**
 * The recipe of an architecture, with changes.
 *
 * @param architecture Whose defaults to start from.
 * @param changes Settings to replace.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function createRecipe(architecture: ArchitectureName, changes: Partial<Recipe> = {}): Recipe {
  const recipe = { ...RECIPES[architecture], ...changes, architecture };
  checkCourse(recipe);
  for (const name of ["validationShare", "threshold", "teacherShare"] as const) {
    if (!(recipe[name] >= 0 && recipe[name] < 1)) {
      throw new InvalidArgumentError(`recipe: ${name} must be in [0, 1), got ${recipe[name]}`);
    }
  }
  return recipe;
}
