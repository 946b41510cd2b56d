// Exponential moving average of weights over training steps (Polyak averaging with forgetting, as in Szegedy et al.,
// Rethinking the Inception Architecture, 2016, section 8). The decay warms up as in TensorFlow's
// ExponentialMovingAverage with num_updates, so that the first steps do not stay in the average.

import { InvalidArgumentError } from "../../errors.ts";
import type { NamedArrays } from "./adamw.ts";

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
 * @throws {InvalidArgumentError} Names or lengths of the two differ, or `decay` is out of range.
 */
export function updateEmaInPlace(options: {
  average: NamedArrays;
  weights: NamedArrays;
  decay: number;
  t: number;
}): void {
  const { average, weights, decay } = options;
  if (!(decay >= 0 && decay < 1))
    throw new InvalidArgumentError(`updateEmaInPlace: decay must be in [0, 1), got ${decay}`);
  for (const name of Object.keys(average)) checkSameLength(name, average[name], weights[name]);
  const kept = emaDecay(options);
  for (const name of Object.keys(average)) {
    const target = average[name]!;
    const source = weights[name]!;
    for (let i = 0; i < target.length; i++) target[i] = kept * target[i]! + (1 - kept) * source[i]!;
  }
}

function checkSameLength(name: string, average?: Float32Array, weights?: Float32Array): void {
  if (average?.length !== weights?.length)
    throw new InvalidArgumentError(
      `updateEmaInPlace: ${name} has ${average?.length} values in the average, ${weights?.length ?? "none"} in the weights`,
    );
}
