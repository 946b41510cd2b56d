import { expect, it } from "vitest";
import { groupBy } from "./group-by.ts";

it("keeps the order of groups by their first items, and that of the items in each", () => {
  const groups = groupBy(["pear", "fig", "plum", "date", "kiwi", "nut"], ({ length }) => length);
  expect([...groups]).toEqual([
    [4, ["pear", "plum", "date", "kiwi"]],
    [3, ["fig", "nut"]],
  ]);
});

it("may go by the place of an item", () => {
  const keys = ["a", "b", "a"];
  expect([...groupBy([7, 8, 9], (_, i) => keys[i])]).toEqual([
    ["a", [7, 9]],
    ["b", [8]],
  ]);
  expect(groupBy([], String).size).toBe(0);
});
