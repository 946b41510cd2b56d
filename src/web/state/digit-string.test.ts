import { describe, expect, it } from "vitest";
import { digitString } from "./digit-string.ts";

describe("digitString", () => {
  it("joins digits, with a space where there was a pause between two numbers", () => {
    const digits = [
      { digit: 0, startMs: 300, endMs: 700 },
      { digit: 4, startMs: 900, endMs: 1300 },
      { digit: 4, startMs: 2700, endMs: 3000 },
      { digit: 8, startMs: 4600, endMs: 4900 },
    ];
    expect(digitString(digits)).toBe("044 8");
  });

  it("is empty without digits", () => {
    expect(digitString([])).toBe("");
  });
});
