import { describe, expect, it } from "vitest";
import type { Label, SpokenDigit } from "../engine/utterance.ts";
import type { Grouping } from "./number-text.ts";
import { isUnsure, numberText, written } from "./number-text.ts";

/** Digits of half a second each, with pauses of so many ms after them. */
function say(...spoken: [digit: number | null, pauseMs?: number, label?: Label][]): SpokenDigit[] {
  let startMs = 0;
  return spoken.map(([digit, pauseMs = 100, label]) => {
    const heard = { digit, startMs, endMs: startMs + 500, confidence: 0.9, rivals: [] };
    startMs = heard.endMs + pauseMs;
    return label === undefined ? heard : { ...heard, label };
  });
}

describe("numberText", () => {
  it("writes a space where the speaker paused for long", () => {
    expect(numberText(say([4, 1400], [2, 1600], [7]), "spoken")).toBe("42 7");
  });

  it.each<[Grouping, string]>([
    ["none", "12345678901"],
    ["3-3-4", "123 456 7890 1"],
    ["4-4-4-4", "1234 5678 901"],
  ])("groups by %s", (grouping, text) => {
    expect(numberText(say(...[..."12345678901"].map((d) => [Number(d)] as [number])), grouping)).toBe(text);
  });

  it("has what the reader said instead of what was heard, and leaves out what is none", () => {
    expect(numberText(say([1, 0, 7], [2, 0, "none"], [3], [null]), "none")).toBe("73");
  });
});

describe("written", () => {
  it("keeps the place that each digit has among those heard", () => {
    const digits = written(say([1, 0, "none"], [2], [3]), "none");
    expect(digits.map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe("isUnsure", () => {
  it("is so below 60 %, until the reader has said what it was", () => {
    const [heard] = say([1]);
    expect(isUnsure({ ...heard!, confidence: 0.59 })).toBe(true);
    expect(isUnsure({ ...heard!, confidence: 0.6 })).toBe(false);
    expect(isUnsure({ ...heard!, confidence: 0.2, label: 1 })).toBe(false);
  });
});
