import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { checkExpectation, parseNumberLength, stringConfidence } from "./decoding.ts";

describe("parseNumberLength", () => {
  it.each([
    ["4", 4, [4]],
    [10, 10, [10]],
    ["3-3-4", 10, [3, 3, 4]],
  ] as const)("reads %s", (text, nDigits, groups) => {
    expect(parseNumberLength(text)).toEqual({ nDigits, groups });
  });

  it.each(["", "0", "3-", "3--4", "33", "16-17", "a", "1e1", -4])("refuses %s", (text) => {
    expect(() => parseNumberLength(text)).toThrow(InvalidArgumentError);
  });
});

describe("checkExpectation", () => {
  it("takes the three ways of listening alone", () => {
    for (const expect_ of ["digits", "numbers", "any"]) expect(checkExpectation(expect_)).toBe(expect_);
    for (const other of ["Digits", "", null, 3]) {
      expect(() => checkExpectation(other)).toThrow(InvalidArgumentError);
    }
  });
});

describe("stringConfidence", () => {
  const calibration = { offset: -1, margin: 0.5, confidence: 1 };

  it("rises with the margin and with the digits' confidences, and stays a probability", () => {
    const at = (margin: number, confidence: number) =>
      stringConfidence(calibration, { margin, confidences: [confidence, confidence] });
    expect(at(4, 0.9)).toBeGreaterThan(at(2, 0.9));
    expect(at(2, 0.9)).toBeGreaterThan(at(2, 0.6));
    expect(at(Infinity, 1)).toBeLessThanOrEqual(1);
    expect(at(0, 0)).toBeGreaterThanOrEqual(0);
  });

  it("is the logistic function of what it is made of", () => {
    const confidence = stringConfidence(calibration, { margin: 2, confidences: [1, 1] });
    expect(confidence).toBeCloseTo(0.5, 6);
  });
});
