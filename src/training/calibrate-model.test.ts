import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { calibrate, type LabelledAnswer, withTemperature } from "./calibrate-model.ts";

/** Answers whose labels are drawn from their own probabilities, which are then sharpened or flattened. */
function answersOf({ count, exponent }: { count: number; exponent: number }): LabelledAnswer[] {
  const random = createRandom(1);
  return Array.from({ length: count }, () => {
    const logits = Array.from({ length: 11 }, () => 3 * random.normal());
    const truth = softmax(logits);
    const label = drawClass(truth, random.next());
    const said = softmax(logits.map((logit) => logit * exponent));
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

test.each([0.5, 1, 2])("finds the temperature of answers sharpened by %d", (exponent) => {
  const { temperature } = calibrate(answersOf({ count: 4000, exponent }));
  expect(temperature / exponent).toBeGreaterThan(0.93);
  expect(temperature / exponent).toBeLessThan(1.07);
});

test("the threshold keeps 95 % of the digits and hardly more", () => {
  const answers = answersOf({ count: 4000, exponent: 1 }).map((answer) => {
    const noneProb = answer.noneProb / 1000;
    const rest = (1 - noneProb) / (1 - answer.noneProb);
    return { ...answer, noneProb, probs: answer.probs.map((p) => p * rest), label: answer.label % 10 };
  });
  const { temperature, threshold } = calibrate(answers);
  const kept = answers.filter(({ probs, noneProb }) => {
    const powers = [...probs, noneProb].map((p) => p ** (1 / temperature));
    return Math.max(...powers) / powers.reduce((sum, power) => sum + power, 0) >= threshold;
  });
  expect(kept.length / answers.length).toBeGreaterThanOrEqual(0.95);
  expect(kept.length / answers.length).toBeLessThan(0.96);
});

test("where fewer digits are answered at all, every confidence will do", () => {
  const answers = [0.9, 0.2].map((noneProb) => ({
    probs: [1 - noneProb, ...new Array<number>(9).fill(0)],
    noneProb,
    label: 0,
  }));
  expect(calibrate(answers).threshold).toBe(0);
});

test("a temperature divides the numbers of the last layer alone", () => {
  const weights = new Map([
    ["conv1.weight", { shape: [1], data: Float32Array.of(4) }],
    ["classes.weight", { shape: [2], data: Float32Array.of(4, -2) }],
    ["classes.bias", { shape: [1], data: Float32Array.of(1) }],
  ]);
  const numbers = [...withTemperature(weights, 2).values()].map(({ data }) => [...data]);
  expect(numbers).toEqual([[4], [2, -1], [0.5]]);
});
