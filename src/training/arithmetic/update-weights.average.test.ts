import { expect, test } from "vitest";
import { emaDecay, updateEmaInPlace } from "./update-weights.ts";

test("keeps little of the average at first and `decay` of it in the long run", () => {
  expect(emaDecay({ decay: 0.999, t: 0 })).toBeCloseTo(0.1, 12);
  expect(emaDecay({ decay: 0.999, t: 90 })).toBeCloseTo(0.91, 12);
  expect(emaDecay({ decay: 0.999, t: 100_000 })).toBe(0.999);
  expect(emaDecay({ decay: 0.5, t: 90 })).toBe(0.5);
});

test("moves the average by one minus the decay, worked by hand", () => {
  const average = { w: Float32Array.of(1, 2), b: Float32Array.of(0) };
  const weights = { w: Float32Array.of(3, -2), b: Float32Array.of(8) };
  updateEmaInPlace({ average, weights, decay: 0.75, t: 1000 });
  expect([...average.w, ...average.b]).toEqual([1.5, 1, 2]);
  updateEmaInPlace({ average, weights, decay: 0, t: 0 });
  expect(average).toEqual(weights);
});

test("stays at constant weights", () => {
  const weights = { w: Float32Array.of(0.3, -7) };
  const average = { w: weights.w.slice() };
  for (let t = 0; t < 50; t++) updateEmaInPlace({ average, weights, decay: 0.99, t });
  average.w.forEach((value, i) => {
    expect(value).toBeCloseTo(weights.w[i]!, 5);
  });
});
