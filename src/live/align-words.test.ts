import { describe, expect, it } from "vitest";
import { madeUpFrames as frames } from "../../test/support/made-up-frames.ts";
import { alignWords } from "./align-words.ts";
import { noneLogProb, OUTPUT_COUNT } from "./stream-net.ts";

describe("alignWords", () => {
  const anywhere = { first: 0, end: 1000 };

  it("finds the path that any search finds to be the best", () => {
    const rows = Array.from({ length: 9 }, (_, t) =>
      Float32Array.from(
        { length: OUTPUT_COUNT },
        (_, state) => -Math.abs(Math.sin(1 + 7 * t + 3 * state)) * 4,
      ),
    );
    const words = [
      { word: 0, ...anywhere },
      { word: 2, ...anywhere },
    ];
    const score = (path: readonly number[]) =>
      path.reduce((sum, state, t) => sum + (state > 0 ? rows[t]![state]! + 1 : noneLogProb(rows[t]!)), 0);
    const best = pathsThrough([0, 1, 2, 3, 0, 7, 8, 9, 0], rows.length)
      .map(score)
      .reduce((most, value) => Math.max(most, value));
    expect(score(alignWords(words, rows)!)).toBeCloseTo(best, 5);
  });

  it("finds none where there are fewer frames than states", () => {
    expect(alignWords([{ word: 1, ...anywhere }], frames([0, 2]))).toBeUndefined();
    expect(alignWords([], frames([0, 2]))).toEqual([0, 0]);
  });
});

/** Every way through the states in turn, in which none may be left out. */
function pathsThrough(states: readonly number[], length: number): number[][] {
  if (states.length === 0) return length === 0 ? [[]] : [];
  const [state, ...rest] = states as [number, ...number[]];
  const least = state === 0 ? 0 : 1;
  return Array.from({ length: Math.max(0, length - least + 1) }, (_, i) => least + i).flatMap((count) =>
    pathsThrough(rest, length - count).map((path) => [...Array<number>(count).fill(state), ...path]),
  );
}
