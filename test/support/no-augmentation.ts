// Settings under which an example is the clip itself in the middle of the window, at full scale.

import type { AugmentationSettings } from "../../src/training/arithmetic/augmentation-settings.ts";
import { DEFAULT_AUGMENTATION } from "../../src/training/recipe.ts";

/** Nothing but placing. */
export const NO_AUGMENTATION: Readonly<AugmentationSettings> = {
  ...DEFAULT_AUGMENTATION,
  speed: [1, 1],
  warp: [1, 1],
  warpCount: 1,
  centredShare: 1,
  equaliserProbability: 0,
  reverbProbability: 0,
  noiseProbability: 0,
  clippingProbability: 0,
  peakDb: [0, 0],
  muLawProbability: 0,
  noneShare: 0,
  bandMasks: 0,
  stretchMasks: 0,
  mixupProbability: 0,
  labelSmoothing: 0,
};
