import { describe, expect, it } from "vitest";
import { GraphShapeError } from "../errors.ts";
import { divideDim, shiftDim } from "./dims.ts";

describe("dims", () => {
  it("counts lengths that are known", () => {
    expect(shiftDim(5, -2)).toBe(3);
    expect(divideDim(5, 2)).toBe(2);
  });

  it("keeps account of what is added to a name and what it is divided by", () => {
    expect(shiftDim("samples", 4)).toBe("samples+4");
    expect(shiftDim(shiftDim("samples", 4), -6)).toBe("samples-2");
    expect(shiftDim(shiftDim("samples", 4), -4)).toBe("samples");
    expect(divideDim(divideDim("samples", 128), 2)).toBe("samples/256");
    expect(shiftDim(divideDim("samples+256", 128), -2)).toBe("samples/128");
  });

  it("refuses a division with a remainder, and what is no name", () => {
    expect(() => divideDim("samples+3", 2)).toThrow(GraphShapeError);
    expect(() => shiftDim("two words", 2)).toThrow(GraphShapeError);
  });
});
