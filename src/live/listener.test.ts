import { describe, expect, it } from "vitest";
import type { DecodedDigit } from "./digit-decoder.ts";
import { createDigitReporter, type Heard } from "./listener.ts";

function digit(value: number, start: number): DecodedDigit {
  const probs = [0.01, 0.02, 0.03, 0.04, 0, 0, 0, 0, 0, 0].with(value, 0.8);
  return { digit: value, start, end: start + 10, probs, other: 0 };
}

const NOTHING: Heard = { firm: [], withdrawn: [], open: [] };

/** What is reported of frames, as `id status digit`. */
function storyOf(heard: readonly Partial<Heard>[], tentative = true): string[][] {
  const reporter = createDigitReporter({ tentative, toMs: (frame) => 32 * frame });
  return heard.map((each) =>
    reporter.report({ ...NOTHING, ...each }).map((event) => `${event.id} ${event.status} ${event.digit}`),
  );
}

describe("createDigitReporter", () => {
  it("mentions a digit when it shows, and again when it is firm", () => {
    expect(storyOf([{ open: [digit(3, 5)] }, { open: [digit(3, 6)] }, { firm: [digit(3, 6)] }, {}])).toEqual([
      ["0 tentative 3"],
      [],
      ["0 firm 3"],
      [],
    ]);
  });

  it("takes back what is not on the best path any more, and what is decided against", () => {
    const [three, eight] = [digit(3, 5), digit(8, 5)];
    expect(storyOf([{ open: [three] }, { open: [eight] }, { withdrawn: [eight] }])).toEqual([
      ["0 tentative 3"],
      ["0 withdrawn 3", "1 tentative 8"],
      ["1 withdrawn 8"],
    ]);
  });

  it("tells the same digit twice in a row apart", () => {
    const [first, second] = [digit(7, 5), digit(7, 15)];
    expect(storyOf([{ open: [first] }, { open: [first, second] }, { firm: [first, second] }])).toEqual([
      ["0 tentative 7"],
      ["1 tentative 7"],
      ["0 firm 7", "1 firm 7"],
    ]);
  });

  it("does not mention a digit as tentative that is firm at once, nor any where nobody asked", () => {
    expect(storyOf([{ firm: [digit(3, 5)] }])).toEqual([["0 firm 3"]]);
    expect(storyOf([{ open: [digit(3, 5)] }, { firm: [digit(3, 5)] }], false)).toEqual([[], ["0 firm 3"]]);
  });

  it("gives times, confidence and the two likeliest rivals", () => {
    const reporter = createDigitReporter({ tentative: false, toMs: (frame) => 32 * frame });
    expect(reporter.report({ ...NOTHING, firm: [digit(6, 2)] })).toEqual([
      {
        id: 0,
        status: "firm",
        digit: 6,
        confidence: 0.8,
        rivals: [
          { digit: 3, confidence: 0.04 },
          { digit: 2, confidence: 0.03 },
        ],
        startMs: 64,
        endMs: 384,
      },
    ]);
  });
});
