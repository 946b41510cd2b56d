import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { expectedCalibrationError, reliabilityTable } from "./calibration.ts";

const point = (confidence: number, correct: boolean) => ({ confidence, correct });

describe("reliabilityTable", () => {
  it("puts an edge into the bin below it, and 0 into the first", () => {
    const points = [0, 0.2, 0.21, 0.4, 0.8, 1].map((confidence) => point(confidence, true));
    const filled = reliabilityTable(points).flatMap(({ n }, index) => (n > 0 ? [[index, n]] : []));
    expect(filled).toEqual([
      [0, 1],
      [2, 1],
      [3, 1],
      [5, 1],
      [11, 1],
      [14, 1],
    ]);
  });

  it("has 15 bins from 0 to 1, null where they are empty", () => {
    const table = reliabilityTable([]);
    expect(table).toHaveLength(15);
    expect(table[0]).toEqual({ low: 0, high: 1 / 15, n: 0, confidence: null, accuracy: null });
    expect(table[14]!.high).toBe(1);
  });
});

describe("expectedCalibrationError", () => {
  it("gives the figure worked out by hand", () => {
    // Bin (14/15, 1]: confidence 0.97, accuracy 0.5, two of four; bin of 0.6: distance 0.4; bin of 0.2: distance 0.2.
    // (2 * 0.47 + 0.4 + 0.2) / 4 = 0.385.
    const points = [point(0.96, true), point(0.98, false), point(0.6, true), point(0.2, false)];
    expect(expectedCalibrationError(points)).toBeCloseTo(0.385, 12);
  });

  it("is 0 for a classifier that is sure and right, 1 for one that is sure and wrong", () => {
    expect(expectedCalibrationError([point(1, true), point(1, true)])).toBe(0);
    expect(expectedCalibrationError([point(1, false)])).toBe(1);
  });

  it("is near 0 for answers that are right as often as their confidence says", () => {
    const random = createRandom(1);
    const points = Array.from({ length: 20_000 }, () => {
      const confidence = random.next();
      return point(confidence, random.chance(confidence));
    });
    expect(expectedCalibrationError(points)).toBeLessThan(0.02);
  });

  it("is null without points", () => {
    expect(expectedCalibrationError([])).toBeNull();
  });

  it.each([-0.1, 1.1, Number.NaN])("rejects the confidence %d", (confidence) => {
    expect(() => expectedCalibrationError([point(confidence, true)])).toThrow(/within \[0, 1\]/);
  });
});
