// After training: the temperature that makes confidence mean what it says (Guo et al., "On Calibration of Modern Neural
// Networks", ICML 2017, section 4.2), and the threshold that keeps most digits.

import type { Weights } from "../model/layers.ts";
import type { Prediction } from "../model/prediction.ts";

/** What a classifier said to a recording whose class is known. */
export type LabelledAnswer = Pick<Prediction, "probs" | "noneProb"> & {
  /** Class, 0..10. */
  label: number;
};

/** The two numbers that are set after training. */
export type Calibration = {
  /** What logits are divided by, > 0: below 1, the net was too modest. */
  temperature: number;
  /** Least confidence for a digit, 0..1. */
  threshold: number;
};

/** Share of the digits to be answered at the threshold. */
export const KEPT_SHARE = 0.95;

const TEMPERATURES: readonly [number, number] = [0.1, 10];
const SEARCH_STEPS = 24;
const LEAST_PROBABILITY = 1e-12;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Chooses the temperature of least mean negative log likelihood, then the highest threshold that keeps
 * {@link KEPT_SHARE} of the digits.
 *
 * @param answers Of a part that was not trained on, at temperature 1; at least one digit among them.
 */
export function calibrate(answers: readonly LabelledAnswer[]): Calibration {
  const logLoss = (logTemperature: number) => meanLogLoss(answers, Math.exp(logTemperature));
  const [low, high] = TEMPERATURES.map(Math.log) as [number, number];
  const temperature = Math.exp(goldenSection(logLoss, low, high));
  return { temperature, threshold: chooseThreshold(answers, temperature) };
}

/**
 * The same net with its logits divided by a temperature.
 *
 * @param weights Of an architecture whose last layer is the dense layer `classes`.
 * @param temperature > 0.
 */
export function withTemperature(weights: Weights, temperature: number): Weights {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.startsWith("classes.") ? data.map((value) => value / temperature) : data },
    ]),
  );
}

function meanLogLoss(answers: readonly LabelledAnswer[], temperature: number): number {
  const losses = answers.map((answer) => -Math.log(cooled(answer, temperature)[answer.label]!));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Probabilities of all classes, had the logits been divided by the temperature. */
function cooled({ probs, noneProb }: LabelledAnswer, temperature: number): number[] {
  const powers = [...probs, noneProb].map((p) => Math.max(p, LEAST_PROBABILITY) ** (1 / temperature));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** Golden-section search (Kiefer, 1953) for the least value of a function with one valley. */
function goldenSection(valueAt: (x: number) => number, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const [a, b] = [right - GOLDEN_RATIO * (right - left), left + GOLDEN_RATIO * (right - left)];
    if (valueAt(a) < valueAt(b)) right = b;
    else left = a;
  }
  return (left + right) / 2;
}

function chooseThreshold(answers: readonly LabelledAnswer[], temperature: number): number {
  const confidences = answers
    .filter(({ label }) => label < 10)
    .map((answer) => {
      const all = cooled(answer, temperature);
      const confidence = Math.max(...all.slice(0, 10));
      return confidence >= all[10]! ? confidence : 0;
    })
    .sort((a, b) => b - a);
  const lastKept = confidences[Math.ceil(KEPT_SHARE * confidences.length) - 1]!;
  // Written with few digits, and rounded down so that it keeps what it was chosen to keep.
  return Math.floor(lastKept * 1000) / 1000;
}
