// Learning rate as a pure function of the step.
//
// - Smith and Topin, Super-Convergence, 2018 (one cycle), in the two-phase form of torch.optim.lr_scheduler.OneCycleLR,
//   with a linear rise.
// - Loshchilov and Hutter, SGDR, 2017 (cosine).

import { InvalidArgumentError } from "../../errors.ts";

/**
 * Learning rate that rises linearly to the peak, then falls along half a cosine to `finalShare` of it.
 *
 * @param options.step In [0, totalSteps); later steps get the final rate.
 * @param options.totalSteps Steps of the whole training, >= 1.
 * @param options.peakRate Highest rate, > 0.
 * @param options.warmupShare Share of the steps that rise, in [0, 1). Step 0 already has a rate above 0.
 * @param options.finalShare Rate of the last step as a share of the peak, in [0, 1].
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function oneCycleRate(options: {
  step: number;
  totalSteps: number;
  peakRate: number;
  warmupShare: number;
  finalShare: number;
}): number {
  const { step, totalSteps, peakRate, warmupShare, finalShare } = options;
  const inRange: [string, boolean][] = [
    ["step must be >= 0", step >= 0],
    ["totalSteps must be >= 1", totalSteps >= 1],
    ["peakRate must be > 0", peakRate > 0],
    ["warmupShare must be in [0, 1)", warmupShare >= 0 && warmupShare < 1],
    ["finalShare must be in [0, 1]", finalShare >= 0 && finalShare <= 1],
  ];
  for (const [rule, holds] of inRange)
    if (!holds) throw new InvalidArgumentError(`oneCycleRate: ${rule}, got ${JSON.stringify(options)}`);
  const warmupSteps = Math.floor(warmupShare * totalSteps);
  if (step < warmupSteps) return (peakRate * (step + 1)) / (warmupSteps + 1);
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - 1 - warmupSteps));
  return peakRate * (finalShare + (1 - finalShare) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
