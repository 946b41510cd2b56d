import { describe, expect, it } from "vitest";
import type { SpokenDigit, Utterance } from "../engine/utterance.ts";
import { describe as describeAnswer, spoken } from "./plain-words.ts";

function said(digits: Partial<SpokenDigit>[], changes: Partial<Utterance> = {}): Utterance {
  const places = digits.map((place, i) => ({
    digit: 1,
    startMs: i * 500,
    endMs: i * 500 + 400,
    confidence: 0.9,
    rivals: [],
    ...place,
  }));
  return {
    digits: places,
    alternatives: [],
    none: null,
    prediction: null,
    ms: 1,
    provisional: false,
    ...changes,
  };
}

describe("an answer in words", () => {
  it("has a number read out digit by digit, zeros too", () => {
    const number = said([{ digit: 0 }, { digit: 6 }, { digit: 6 }]);
    expect(spoken(number)).toBe("0 6 6. 3 digits. All clear.");
  });

  it("names another string only where a digit is not clear", () => {
    const alternatives = [{ digits: "15", confidence: 0.4 }];
    expect(describeAnswer(said([{}, {}], { alternatives })).text).toBe("All clear.");
    expect(describeAnswer(said([{}, { confidence: 0.4 }], { alternatives })).text).toContain("Perhaps 15.");
  });

  it("says of one digit how sure it is, or what the reader said and what was heard", () => {
    expect(describeAnswer(said([{ digit: 4 }]))).toEqual({ headline: "Four", text: "90 % sure" });
    const corrected = said([{ digit: 4, label: 5 }]);
    expect(describeAnswer(corrected)).toEqual({ headline: "Five", text: "You said so. Heard: four." });
  });

  it.each([
    ["silence", "There is nothing but silence."],
    ["not-a-digit", "Nothing here sounds like a digit from zero to nine."],
  ] as const)("says why there is none: %s", (none, text) => {
    expect(describeAnswer(said([{ digit: null }], { none }))).toEqual({ headline: "No digit heard", text });
  });
});
