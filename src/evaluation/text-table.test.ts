import { describe, expect, it } from "vitest";
import { formatTable } from "./text-table.ts";

describe("formatTable", () => {
  it("sets columns left and right, without spaces at line ends", () => {
    const rows = [
      ["name", "n", "note"],
      ["a", "10", "long note"],
      ["bcdef", "3", ""],
    ];
    expect(formatTable(rows, ["left", "right", "left"])).toBe(
      ["  name    n  note", "  a      10  long note", "  bcdef   3"].join("\n"),
    );
  });

  it("counts characters outside the basic plane once", () => {
    expect(
      formatTable(
        [
          ["𝟟", "1"],
          ["ab", "2"],
        ],
        ["left", "left"],
      ),
    ).toBe("  𝟟   1\n  ab  2");
  });

  it("gives an empty text for no rows", () => {
    expect(formatTable([], ["left"])).toBe("");
  });
});
