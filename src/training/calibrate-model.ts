// After training: the temperature and the bias of "none" that make confidence mean what it says, and the threshold that keeps
// most digits. Sources: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2 (temperature);
// Alexandari et al., "Maximum Likelihood with Bias-Corrected Calibration", ICML 2020 (bias).

import type { Weights } from "../model/layers.ts";
import {
  NONE_CLASS,
  type OperatingPoint,
  type OperatingPoints,
  type Prediction,
} from "../model/prediction.ts";

/** A prediction for a recording of known class. */
export type LabelledPrediction = Pick<Prediction, "probs" | "noneProb"> & {
  /** Class, 0..10. */
  label: number;
};

/** What is set after training. */
export type Calibration = {
  /** What logits are divided by, > 0: below 1, the net was too modest. */
  temperature: number;
  /** What is then added to the logit of "none": it is more or less frequent in training than in use. */
  noneBias: number;
  /** Thresholds by name, and what each does to the part that it is chosen on. */
  operatingPoints: OperatingPoints;
};

/** What is chosen. */
export type CalibrationOptions = {
  /** Whether temperature and bias stay as they are. Default: false. */
  thresholdsOnly?: boolean;
};

/** Share of the digits that are kept at least. */
const KEPT_SHARES = { balanced: 0.95, lenient: 0.98 } as const;
/** Share of the negatives that are false accepts at most at the strict threshold. */
const STRICT_FALSE_ACCEPTS = 0.01;

const TEMPERATURES: readonly [number, number] = [0.1, 10];
const NONE_BIASES: readonly [number, number] = [-5, 5];
// Each search narrows its range to a hundred-thousandth; the two are searched in turn.
const SEARCH_STEPS = 24;
const ROUNDS = 4;
const LEAST_PROBABILITY = 1e-12;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Chooses temperature and bias of least mean negative log likelihood, digits as a whole weighing as much as all else; then
 * the thresholds of two decimals: the highest ones that keep 95 and 98 % of the digits in every condition, and
 * the lowest at which 1 % of all else is a false accept.
 *
 * @param conditions Uncalibrated predictions of a part that was not trained on, once for each condition, such as with silence
 *   around and without; at least one digit and one "none" in each.
 * @param options See {@link CalibrationOptions}.
 */
export function calibrate(
  conditions: readonly (readonly LabelledPrediction[])[],
  { thresholdsOnly = false }: CalibrationOptions = {},
): Calibration {
  const knownByCondition = conditions.map((predictions) =>
    predictions.map((prediction) => ({ logProbs: logProbsOf(prediction), label: prediction.label })),
  );
  const known = knownByCondition.flat();
  const [lowest, highest] = TEMPERATURES.map(Math.log) as [number, number];
  let [temperature, noneBias] = [1, 0];
  for (let round = 0; round < (thresholdsOnly ? 0 : ROUNDS); round++) {
    const lossAt = (logTemperature: number) => balancedLoss(known, Math.exp(logTemperature), noneBias);
    temperature = Math.exp(goldenSection(lossAt, lowest, highest));
    noneBias = goldenSection((bias) => balancedLoss(known, temperature, bias), ...NONE_BIASES);
  }
  const confidences = knownByCondition.map((predictions) =>
    confidencesOf(predictions, temperature, noneBias),
  );
  return { temperature, noneBias, operatingPoints: chooseOperatingPoints(confidences) };
}

/**
 * The same net, calibrated.
 *
 * @param weights Of an architecture whose last layer is the dense layer `classes`, "none" the last of its units.
 * @param calibration.temperature > 0.
 * @param calibration.noneBias Any.
 */
export function withCalibration(
  weights: Weights,
  { temperature, noneBias }: Pick<Calibration, "temperature" | "noneBias">,
): Weights {
  const isLast = (name: string) => name.startsWith("classes.");
  const calibrated = [...weights].map(([name, { shape, data }]) => {
    const numbers = isLast(name) ? data.map((value) => value / temperature) : data;
    if (name === "classes.bias") numbers[numbers.length - 1]! += noneBias;
    return [name, { shape, data: numbers }] as const;
  });
  return new Map(calibrated);
}

type KnownPrediction = { logProbs: number[]; label: number };

const isDigit = ({ label }: KnownPrediction) => label < NONE_CLASS;

function logProbsOf({ probs, noneProb }: LabelledPrediction): number[] {
  return [...probs, noneProb].map((p) => Math.log(Math.max(p, LEAST_PROBABILITY)));
}

/** Mean loss of the digits plus that of all else. */
function balancedLoss(
  predictions: readonly KnownPrediction[],
  temperature: number,
  noneBias: number,
): number {
  const sums = { digit: 0, none: 0 };
  const counts = { digit: 0, none: 0 };
  for (const prediction of predictions) {
    const kind = isDigit(prediction) ? "digit" : "none";
    sums[kind] -= Math.log(calibratedProbs(prediction, temperature, noneBias)[prediction.label]!);
    counts[kind]++;
  }
  return sums.digit / counts.digit + sums.none / counts.none;
}

function calibratedProbs({ logProbs }: KnownPrediction, temperature: number, noneBias: number): number[] {
  const powers = logProbs.map((logProb) => Math.exp(logProb / temperature));
  powers[10]! *= Math.exp(noneBias);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => Math.max(power / total, LEAST_PROBABILITY));
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

/** Confidences in one condition, from the highest: 0 where "none" is likelier. */
type Confidences = { digits: number[]; negatives: number[] };

function confidencesOf(
  predictions: readonly KnownPrediction[],
  temperature: number,
  noneBias: number,
): Confidences {
  const ofKind = (wanted: boolean) =>
    predictions
      .filter((prediction) => isDigit(prediction) === wanted)
      .map((prediction) => {
        const all = calibratedProbs(prediction, temperature, noneBias);
        const confidence = Math.max(...all.slice(0, NONE_CLASS));
        return confidence >= all[NONE_CLASS]! ? confidence : 0;
      })
      .sort((a, b) => b - a);
  return { digits: ofKind(true), negatives: ofKind(false) };
}

function chooseOperatingPoints(conditions: readonly Confidences[]): OperatingPoints {
  const keeping = (share: number) =>
    Math.min(...conditions.map(({ digits }) => thresholdKeeping(digits, Math.ceil(share * digits.length))));
  const balanced = keeping(KEPT_SHARES.balanced);
  const strict = Math.max(
    balanced,
    ...conditions.map(({ negatives }) =>
      thresholdLeaving(negatives, Math.floor(STRICT_FALSE_ACCEPTS * negatives.length)),
    ),
  );
  const at = (threshold: number): OperatingPoint => ({
    threshold,
    digitsKept: Math.min(...conditions.map(({ digits }) => shareAbove(digits, threshold))),
    falseAccepts: Math.max(...conditions.map(({ negatives }) => shareAbove(negatives, threshold))),
  });
  return { strict: at(strict), balanced: at(balanced), lenient: at(keeping(KEPT_SHARES.lenient)) };
}

/** Rounded down, for the finished file differs a little: the temperature is in its weights, which are float16. */
const thresholdKeeping = (descending: readonly number[], count: number) =>
  Math.floor(descending[count - 1]! * 100) / 100;

/** Just above the first that is not to pass. */
const thresholdLeaving = (descending: readonly number[], count: number) =>
  Math.min(1, Math.ceil((descending[count] ?? 0) * 100 + 1e-9) / 100);

const shareAbove = (confidences: readonly number[], threshold: number) =>
  round(confidences.filter((p) => p > 0 && p >= threshold).length / Math.max(1, confidences.length));

const round = (share: number) => Math.round(share * 1e4) / 1e4;
