import { expect, test } from "vitest";
import { oneCycleRate } from "./optimizer.ts";

// torch 1.13, CosineAnnealingLR(T_max=9, eta_min=0.01) from 1.
const TORCH_COSINE = [
  1.0, 0.9701478472890247, 0.884191999343894, 0.7525, 0.5909558479451307, 0.41904415205486956, 0.2575,
  0.12580800065610592, 0.039852152710975385, 0.01,
];

test("without a rise, the cosine is torch's", () => {
  TORCH_COSINE.forEach((expected, step) => {
    const options = { step, totalSteps: 10, peakRate: 1, warmupShare: 0, finalShare: 0.01 };
    expect(oneCycleRate(options)).toBeCloseTo(expected, 9);
  });
});

test("one cycle rises in equal steps to the peak, then falls to the final share", () => {
  const rates = Array.from({ length: 100 }, (_, step) =>
    oneCycleRate({ step, totalSteps: 100, peakRate: 0.02, warmupShare: 0.2, finalShare: 0.05 }),
  );
  for (let step = 0; step <= 20; step++) expect(rates[step]).toBeCloseTo((0.02 * (step + 1)) / 21, 12);
  for (let step = 21; step < 100; step++) expect(rates[step]).toBeLessThan(rates[step - 1]!);
  expect(rates[99]).toBeCloseTo(0.001, 12);
});

test("peaks after its share of the steps and ends at the final one", () => {
  const rate = (step: number) =>
    oneCycleRate({ step, totalSteps: 1000, peakRate: 1, warmupShare: 0.15, finalShare: 0.001 });
  expect(rate(150)).toBe(1);
  expect(rate(0)).toBeGreaterThan(0);
  expect(rate(999)).toBeCloseTo(0.001, 9);
  expect(rate(5000)).toBeCloseTo(0.001, 9);
});

test("a training of one step has the peak rate", () => {
  expect(oneCycleRate({ step: 0, totalSteps: 1, peakRate: 0.3, warmupShare: 0.15, finalShare: 0.001 })).toBe(
    0.3,
  );
});
