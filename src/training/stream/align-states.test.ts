import { describe, expect, it } from "vitest";
import { madeUpFrames as frames } from "../../../test/support/made-up-frames.ts";
import { hardPlaces, realign } from "./align-states.ts";
import { stateStretches, UNSURE } from "./stream-targets.ts";

const HEARD = frames([0, 10], [4, 3], [5, 2], [6, 4], [0, 3], [4, 2], [5, 2], [6, 2], [0, 6]);
/** The digit 1 twice, not quite where it is heard. */
const THOUGHT = stateStretches([
  { digit: 1, start: 256 * 8, end: 256 * 14 },
  { digit: 1, start: 256 * 20, end: 256 * 30 },
]);

describe("realign", () => {
  it("moves each state to where it is heard", () => {
    expect(realign(THOUGHT, HEARD).map(({ state, start, end }) => [state, start / 256, end / 256])).toEqual([
      [4, 10, 13],
      [5, 13, 15],
      [6, 15, 19],
      [4, 22, 24],
      [5, 24, 26],
      [6, 26, 28],
    ]);
  });

  it("leaves everything where it was thought to be, where a word is not heard", () => {
    const other = stateStretches([{ digit: 7, start: 2560, end: 4000 }]);
    expect(realign([...other], HEARD)).toEqual(other);
  });

  it("keeps what nobody knows, and finds nothing far from where it was thought", () => {
    const unsure = { state: UNSURE, start: 0, end: 500 };
    expect(realign([unsure, ...THOUGHT], HEARD)[0]).toEqual(unsure);
    const far = stateStretches([{ digit: 1, start: 256 * 60, end: 256 * 64 }]);
    expect(realign(far, [...HEARD, ...frames([0, 60])])).toEqual(far);
  });
});

describe("hardPlaces", () => {
  it("finds digits that are heard where none is, and those that are not heard", () => {
    expect(hardPlaces([], HEARD).map((at) => at / 256)).toEqual([14.5, 25]);
    const missed = stateStretches([{ digit: 7, start: 256 * 34, end: 256 * 40 }]);
    const rows = [...HEARD, ...frames([0, 12])];
    expect(hardPlaces([...realign(THOUGHT, HEARD), ...missed], rows).map((at) => at / 256)).toEqual([37]);
  });

  it("finds nothing where all is right, nor at the edges of a digit", () => {
    expect(hardPlaces(realign(THOUGHT, HEARD), HEARD)).toEqual([]);
    expect(hardPlaces(THOUGHT.slice(0, 3), HEARD).map((at) => at / 256)).toEqual([25]);
  });
});
