import { expect, test } from "vitest";
import { InvalidArgumentError } from "../../errors.ts";
import { clipNormInPlace } from "./update-weights.ts";

test("scales a long gradient down to the norm, and leaves a short one", () => {
  const long = Float32Array.of(6, -8);
  expect(clipNormInPlace(long, 5)).toBe(10);
  expect(long[0]).toBeCloseTo(3, 5);
  expect(long[1]).toBeCloseTo(-4, 5);
  const short = Float32Array.of(0.3, -0.4);
  expect(clipNormInPlace(short, 5)).toBeCloseTo(0.5, 6);
  expect(short).toEqual(Float32Array.of(0.3, -0.4));
  expect(clipNormInPlace(new Float32Array(3), 5)).toBe(0);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, and changes nothing", (value) => {
  const gradient = Float32Array.of(9, value, 9);
  expect(() => clipNormInPlace(gradient, 1)).toThrow(InvalidArgumentError);
  expect(gradient).toEqual(Float32Array.of(9, value, 9));
});
