import { describe, expect, it } from "vitest";
import { holdsDigitWord } from "./digit-words.ts";

describe("holdsDigitWord", () => {
  it.each([
    "zero",
    "enter Seven",
    "nine",
    "oh",
    "twenty one",
    "twenty-two",
    "ninety",
    "ninth",
    "nineteen",
    "niner",
    "enter sixty",
    "eighteen february",
    "fourth",
    "forty",
    "fortieth",
    "press 3 for options",
    "someone is here",
    "h o u s e",
    "for",
    "is set to",
  ])("hears a digit in %j", (text) => {
    expect(holdsDigitWord(text)).toBe(true);
  });

  it.each([
    "",
    "go",
    "no",
    "thirty",
    "fifty",
    "fifteen",
    "third",
    "fifth",
    "ten",
    "to leave the conference",
    "waiting for the leader",
    "telephone",
    "f i f t h a v e n u e",
    "trick or treat",
    "stone",
    "fortune",
  ])("hears none in %j", (text) => {
    expect(holdsDigitWord(text)).toBe(false);
  });
});
