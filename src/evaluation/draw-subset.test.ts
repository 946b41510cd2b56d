import { describe, expect, it } from "vitest";
import { drawSubset } from "./measure-model.ts";

const items = Array.from({ length: 100 }, (_, i) => ({ id: i, label: i < 80 ? "many" : "few" }));
const draw = (limit: number, seed = 1) => drawSubset(items, { limit, seed, labelOf: ({ label }) => label });

describe("drawSubset", () => {
  it("draws as many of each label as of any other", () => {
    const labels = draw(20).map(({ label }) => label);
    expect(labels.filter((label) => label === "few")).toHaveLength(10);
  });

  it("takes more of one label where another has too few", () => {
    const drawn = draw(60);
    expect(drawn).toHaveLength(60);
    expect(drawn.filter(({ label }) => label === "few")).toHaveLength(20);
  });

  it("keeps the order, and everything when there is no more than the limit", () => {
    const ids = draw(30).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(draw(100)).toEqual(items);
    expect(draw(1000)).toEqual(items);
  });

  it("draws the same for the same seed, and others for another", () => {
    expect(draw(20, 7)).toEqual(draw(20, 7));
    expect(draw(20, 8)).not.toEqual(draw(20, 7));
  });
});
