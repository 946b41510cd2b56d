// The mapping from a string's margin and its digits' confidences to the probability that it is right: logistic regression,
// fitted by Newton's method (Platt, "Probabilistic outputs for support vector machines", 1999).

import { MAX_MARGIN, type StringCalibration } from "../live/decoding.ts";
import type { StringOutcome } from "./heard-frames.ts";

const STEPS = 50;
/** Keeps coefficients small where outcomes can be told apart perfectly. */
const RIDGE = 0.05;

/**
 * Fits the mapping.
 *
 * @param outcomes Strings of dev speakers; without any, every string is as likely right as wrong.
 */
export function fitStringCalibration(outcomes: readonly StringOutcome[]): StringCalibration {
  let weights = [0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => -RIDGE * weight);
    const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? RIDGE : 0)));
    for (const { features, isRight } of outcomes.map(featuresOf)) {
      const logit = features.reduce((sum, feature, i) => sum + feature * weights[i]!, 0);
      const prob = 1 / (1 + Math.exp(-logit));
      features.forEach((feature, i) => {
        gradient[i]! += feature * (Number(isRight) - prob);
        features.forEach((other, j) => {
          hessian[i]![j]! += feature * other * prob * (1 - prob);
        });
      });
    }
    const change = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight + change[i]!);
  }
  const [offset, margin, confidence] = weights as [number, number, number];
  return { offset, margin, confidence };
}

function featuresOf({ margin, confidences, isRight }: StringOutcome) {
  const logs = confidences.reduce((sum, confidence) => sum + Math.log(Math.max(confidence, 1e-6)), 0);
  return { features: [1, Math.min(margin, MAX_MARGIN), logs], isRight };
}

/** Solves A x = b by elimination; A is symmetric and positive definite. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!]);
  for (let pivot = 0; pivot < rows.length; pivot++) {
    for (let other = 0; other < rows.length; other++) {
      if (other === pivot) continue;
      const factor = rows[other]![pivot]! / rows[pivot]![pivot]!;
      rows[other] = rows[other]!.map((value, column) => value - factor * rows[pivot]![column]!);
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
