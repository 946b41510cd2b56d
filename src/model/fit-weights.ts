// Weights of places, from examples near them: kernel logistic regression on top of a net (Zhu and Hastie, "Kernel logistic regression and
// the import vector machine", 2005), by gradient steps with momentum (Nesterov, 1983).

import { softmax } from "./prediction.ts";
import { unitVector } from "./voice-profile.ts";

/** An example that weights are fitted to. */
type FitExample = {
  /** Outputs without the weights, before softmax. */
  logits: ArrayLike<number>;
  /** How near it is to each place, 0..1. */
  nearness: readonly number[];
  /** The outputs that are right, together. */
  right: readonly number[];
};

/** How weights are fitted. */
type FitOptions = {
  /** Of the squared weights, > 0: the larger, the less they change. */
  penalty: number;
  /** Steps of the gradient. */
  steps: number;
};

/**
 * Weights by which the examples' right outputs become likely: least mean cross-entropy and penalty.
 *
 * @param examples At least one; each names all places.
 * @param options See {@link FitOptions}.
 * @returns One row of weights a place, rounded to a thousandth.
 */
export function fitWeights(examples: readonly FitExample[], { penalty, steps }: FitOptions): number[][] {
  const nPlaces = examples[0]!.nearness.length;
  const near = examples.map(({ nearness }) => nearness.flatMap((value, place) => (value > 0 ? [place] : [])));
  const rate = 1 / (largestCurvature(examples) / 2 + penalty);
  const rows = () => Array.from({ length: nPlaces }, () => new Float64Array(examples[0]!.logits.length));
  let weights = rows();
  let ahead = rows();
  let pace = 1;
  for (let step = 0; step < steps; step++) {
    const gradient = rows();
    for (const [i, example] of examples.entries())
      addGradientInPlace(gradient, { example, near: near[i]!, weights: ahead });
    const nextPace = (1 + Math.sqrt(1 + 4 * pace * pace)) / 2;
    const momentum = (pace - 1) / nextPace;
    const next = ahead.map((row, place) =>
      row.map((weight, k) => weight - rate * (gradient[place]![k]! / examples.length + penalty * weight)),
    );
    const before = weights;
    ahead = next.map((row, place) =>
      row.map((weight, k) => weight + momentum * (weight - before[place]![k]!)),
    );
    [weights, pace] = [next, nextPace];
  }
  return weights.map((row) => Array.from(row, (weight) => Number(weight.toFixed(3))));
}

/** Probabilities under the weights, less those that are right, at each place as far as it is near. */
function addGradientInPlace(
  gradient: readonly Float64Array[],
  {
    example,
    near,
    weights,
  }: { example: FitExample; near: readonly number[]; weights: readonly Float64Array[] },
): void {
  const { logits, nearness, right } = example;
  const changed = Float32Array.from(logits);
  for (const place of near) {
    for (let k = 0; k < changed.length; k++) changed[k]! += nearness[place]! * weights[place]![k]!;
  }
  const errors = softmax(changed);
  const rightProb = right.reduce((sum, k) => sum + errors[k]!, 0) || 1e-9;
  for (const k of right) errors[k]! -= errors[k]! / rightProb;
  for (const place of near) {
    for (let k = 0; k < errors.length; k++) gradient[place]![k]! += nearness[place]! * errors[k]!;
  }
}

const POWER_STEPS = 20;

/** Largest eigenvalue of the mean outer product of what is near, by power iteration. */
function largestCurvature(examples: readonly FitExample[]): number {
  let vector = examples[0]!.nearness.map(() => 1);
  let largest = 0;
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = vector.map(() => 0);
    for (const { nearness } of examples) {
      const product = nearness.reduce((sum, value, place) => sum + value * vector[place]!, 0);
      for (let place = 0; place < next.length; place++)
        next[place]! += (product * nearness[place]!) / examples.length;
    }
    largest = Math.hypot(...next) / (Math.hypot(...vector) || 1);
    vector = unitVector(next);
  }
  return largest;
}
