import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { resolveThreshold } from "./prediction.ts";

const point = (threshold: number) => ({ threshold, digitsKept: 0.95, falseAccepts: 0.02 });
const INFO = {
  threshold: 0.7,
  operatingPoints: { strict: point(0.9), balanced: point(0.7), lenient: point(0.4) },
};

test("a threshold is a number, the name of an operating point, or the model's own", () => {
  expect(resolveThreshold(INFO, 0.25)).toBe(0.25);
  expect(resolveThreshold(INFO, "strict")).toBe(0.9);
  expect(resolveThreshold(INFO, "lenient")).toBe(0.4);
  expect(resolveThreshold(INFO)).toBe(0.7);
});

test("says what a threshold may be, and where a model has no operating points", () => {
  expect(() => resolveThreshold(INFO, 1.5)).toThrow(InvalidArgumentError);
  expect(() => resolveThreshold(INFO, Number.NaN)).toThrow(/0\.\.1, strict, balanced, lenient, got NaN/);
  expect(() => resolveThreshold(INFO, "sure" as never)).toThrow(/got sure/);
  expect(() => resolveThreshold({ threshold: 0.7 }, "strict")).toThrow(/no operating points/);
});
