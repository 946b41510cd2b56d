import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { chooseWeighted } from "./weighted-choice.ts";

test("names come in proportion to their weights, and never at weight 0", () => {
  const random = createRandom(1);
  const counts = { a: 0, b: 0, c: 0 };
  for (let i = 0; i < 4000; i++) counts[chooseWeighted({ a: 1, b: 3, c: 0 }, random)] += 1;
  expect(counts.c).toBe(0);
  expect(Math.abs(counts.a - 1000)).toBeLessThan(120);
});

test("the last draw there is falls on the last name with a weight", () => {
  const almostOne = { ...createRandom(1), next: () => 1 };
  expect(chooseWeighted({ a: 1, b: 1, c: 0 }, almostOne)).toBe("b");
});
