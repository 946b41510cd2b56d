import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../random.ts";
import { countStringErrors } from "./string-errors.ts";

describe("countStringErrors", () => {
  it.each([
    ["", "", 0, 0, 0],
    ["4071", "4071", 0, 0, 0],
    ["4071", "4091", 1, 0, 0],
    ["4071", "471", 0, 1, 0],
    ["4071", "40711", 0, 0, 1],
    ["33", "3", 0, 1, 0],
    ["", "58", 0, 0, 2],
    ["58", "", 0, 2, 0],
    ["12", "21", 0, 1, 1],
    ["12", "34", 2, 0, 0],
    ["123456789", "923456781", 2, 0, 0],
    ["0123456789", "123456789", 0, 1, 0],
    ["5551234", "551254", 1, 1, 0],
  ])("%j heard as %j: %d substitutions, %d deletions, %d insertions", (spoken, heard, s, d, i) => {
    expect(countStringErrors(spoken, heard)).toEqual({ substitutions: s, deletions: d, insertions: i });
  });

  it("finds the fewest errors of all ways to align two strings, and of those the fewest substitutions", () => {
    const random = createRandom(7);
    for (let round = 0; round < 300; round++) {
      const [spoken, heard] = [draw(random), draw(random)];
      const { substitutions, deletions, insertions } = countStringErrors(spoken, heard);
      const [fewest, fewestSubstitutions] = bestOfAllWays(spoken, heard);
      expect([substitutions + deletions + insertions, substitutions], `${spoken} ${heard}`).toEqual([
        fewest,
        fewestSubstitutions,
      ]);
      expect(insertions - deletions).toBe(heard.length - spoken.length);
    }
  });

  it("swaps deletions and insertions when the strings change places", () => {
    const there = countStringErrors("90210", "9021044");
    const back = countStringErrors("9021044", "90210");
    expect(back).toEqual({ ...there, deletions: there.insertions, insertions: there.deletions });
  });
});

/** A string of three kinds of digits only, so that ways to align two of them abound. */
function draw(random: Random): string {
  return Array.from({ length: random.integer(0, 7) }, () => random.integer(0, 3)).join("");
}

/** Tries every alignment. Returns the errors and the substitutions of the best. */
function bestOfAllWays(spoken: string, heard: string): [number, number] {
  if (spoken === "") return [heard.length, 0];
  if (heard === "") return [spoken.length, 0];
  const isSame = spoken[0] === heard[0];
  const [replaced, deleted, inserted] = [
    bestOfAllWays(spoken.slice(1), heard.slice(1)),
    bestOfAllWays(spoken.slice(1), heard),
    bestOfAllWays(spoken, heard.slice(1)),
  ];
  const ways: [number, number][] = [
    isSame ? replaced : [replaced[0] + 1, replaced[1] + 1],
    [deleted[0] + 1, deleted[1]],
    [inserted[0] + 1, inserted[1]],
  ];
  return ways.sort((a, b) => a[0] - b[0] || a[1] - b[1])[0]!;
}
