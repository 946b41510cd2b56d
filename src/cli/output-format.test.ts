import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { csvLine, padToWidth } from "./output-format.ts";

describe("padToWidth", () => {
  it("fills names of any script up to the same column", () => {
    const names = ["seven.wav", "七.wav", "セブン.wav", "일곱.wav", "e\u0301.wav"];
    expect(names.map((name) => stringWidth(name))).toEqual([9, 6, 10, 8, 5]);
    expect(names.map((name) => stringWidth(padToWidth(name, 12)))).toEqual([12, 12, 12, 12, 12]);
  });

  it("leaves a text that is wide enough", () => {
    expect(padToWidth("seven", 3)).toBe("seven");
  });
});

describe("csvLine", () => {
  it("quotes what would break the row", () => {
    expect(csvLine(["a.wav", 7, null])).toBe("a.wav,7,\n");
    expect(csvLine(['a, "b"\n.wav'])).toBe('"a, ""b""\n.wav"\n');
  });
});
