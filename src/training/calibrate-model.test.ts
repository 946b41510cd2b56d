import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { type Calibration, calibrate, type LabelledPrediction, withCalibration } from "./calibrate-model.ts";

/** Predictions whose labels are drawn from their own probabilities, which are then distorted. */
function predictionsOf({ exponent = 1, noneBias = 0, spread = 2, noneLogit = 0 }): LabelledPrediction[] {
  const random = createRandom(1);
  return Array.from({ length: 3000 }, () => {
    const logits = Array.from(
      { length: 11 },
      (_, k) => spread * random.normal() + (k === 10 ? noneLogit : 0),
    );
    const label = drawClass(softmax(logits), random.next());
    const said = softmax(logits.map((x, k) => exponent * (k === 10 ? x + noneBias : x)));
    return { probs: said.slice(0, 10), noneProb: said[10]!, label };
  });
}

function drawClass(probs: readonly number[], at: number): number {
  let total = 0;
  const drawn = probs.findIndex((p) => {
    total += p;
    return at < total;
  });
  return Math.max(0, drawn);
}

function softmax(logits: number[]): number[] {
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

test.each([0.5, 1, 2])("finds the temperature of predictions sharpened by %d", (exponent) => {
  const { temperature } = calibrate([predictionsOf({ exponent })]);
  expect(temperature / exponent).toBeGreaterThan(0.9);
  expect(temperature / exponent).toBeLessThan(1.1);
});

test("takes back a bias towards none, and then keeps the same digits", () => {
  const plain = calibrate([predictionsOf({})]);
  const biased = calibrate([predictionsOf({ noneBias: 1.5 })]);
  expect(biased.noneBias - plain.noneBias).toBeCloseTo(-1.5, 0);
  expect(balancedOf(biased)).toBeCloseTo(balancedOf(plain), 1);
});

test("the threshold keeps 95 % of the digits and hardly more", () => {
  const predictions = predictionsOf({ spread: 12, noneLogit: 18 });
  const calibration = calibrate([predictions]);
  expect(balancedOf(calibration)).toBeGreaterThan(0);
  expect(keptShare(predictions, calibration)).toBeGreaterThanOrEqual(0.95);
  expect(keptShare(predictions, calibration)).toBeLessThan(0.96);
});

test("keeps as many in the condition in which fewer would be kept", () => {
  const clear = predictionsOf({ spread: 12, noneLogit: 18 });
  const blur = (p: number) => 0.3 * p + 0.7 / 11;
  const blurred = clear.map((prediction, i) =>
    i % 25
      ? prediction
      : { ...prediction, probs: prediction.probs.map(blur), noneProb: blur(prediction.noneProb) },
  );
  const calibration = calibrate([clear, blurred]);
  const shares = [clear, blurred].map((predictions) => keptShare(predictions, calibration));
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.95);
  expect(Math.min(...shares)).toBeLessThan(0.96);
  expect(Math.max(...shares)).toBeGreaterThan(Math.min(...shares) + 0.005);
});

test("calibration divides the numbers of the last layer alone, and shifts none", () => {
  const weights = new Map([
    ["conv1.weight", { shape: [1], data: Float32Array.of(4) }],
    ["classes.weight", { shape: [2], data: Float32Array.of(4, -2) }],
    ["classes.bias", { shape: [2], data: Float32Array.of(1, 3) }],
  ]);
  const numbers = [...withCalibration(weights, { temperature: 2, noneBias: 0.25 }).values()];
  expect(numbers.map(({ data }) => [...data])).toEqual([[4], [2, -1], [0.5, 1.75]]);
  expect([...weights.get("classes.bias")!.data]).toEqual([1, 3]);
});

const balancedOf = ({ operatingPoints }: Calibration) => operatingPoints.balanced.threshold;

test("strict leaves 1 % of what is no digit, lenient keeps more digits, each with its rates", () => {
  const predictions = predictionsOf({ spread: 12, noneLogit: 18 });
  const { operatingPoints } = calibrate([predictions]);
  const { strict, balanced, lenient } = operatingPoints;
  expect(strict.threshold).toBeGreaterThan(balanced.threshold);
  expect(balanced.threshold).toBeGreaterThan(lenient.threshold);
  expect(strict.falseAccepts).toBeLessThanOrEqual(0.01);
  expect(strict.falseAccepts).toBeGreaterThan(0.004);
  expect(lenient.digitsKept).toBeGreaterThan(balanced.digitsKept);
  expect(balanced.falseAccepts).toBeGreaterThan(strict.falseAccepts);
  expect(balanced.digitsKept).toBeGreaterThan(strict.digitsKept);
});

function keptShare(predictions: LabelledPrediction[], calibration: Calibration): number {
  const { temperature, noneBias } = calibration;
  const threshold = balancedOf(calibration);
  const digits = predictions.filter(({ label }) => label < 10);
  const kept = digits.filter(({ probs, noneProb }) => {
    const none = noneProb ** (1 / temperature) * Math.exp(noneBias);
    const powers = probs.map((p) => p ** (1 / temperature));
    const confidence = Math.max(...powers);
    return confidence >= none && confidence / powers.reduce((sum, p) => sum + p, none) >= threshold;
  });
  return kept.length / digits.length;
}
