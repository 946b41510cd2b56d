import { describe, expect, it } from "vitest";
import type { NumberSettings } from "./decoding.ts";
import type { DecodedDigit } from "./digit-decoder.ts";
import { createNumberTracker, type NumberTracker } from "./number-tracker.ts";

const SETTINGS: NumberSettings = {
  threshold: 0.2,
  digitBias: 0,
  endBias: 0,
  digitPenalty: 0,
  otherPenalty: 0,
  otherCost: 0,
  minFrames: 3,
  lookahead: 4,
  beam: 8,
  digitCost: 0.35,
  entryCost: 0.6,
  maxGapMs: 1600, // 50 frames
  aloneQuietMs: 320, // 10 frames
  aloneContrastDb: 10,
  aloneConfidence: 0.5,
};
const [SPEECH, QUIET] = [-20, -50];

/** A digit of ten frames. */
function digit(value: number, start: number, confidence = 0.8): DecodedDigit {
  return {
    digit: value,
    start,
    end: start + 10,
    other: 0,
    probs: Array.from({ length: 10 }, (_, i) => (i === value ? confidence : 0)),
  };
}

/** Frames with digits that are decided on 4 frames after their ends. @returns What became of each, in order, and when. */
function run(
  digits: readonly DecodedDigit[],
  { frames = 300, level = (_frame: number) => SPEECH, tracker = createNumberTracker(SETTINGS) } = {},
): { firm: string; withdrawn: string; firmAt: number[] } {
  const story = { firm: "", withdrawn: "", firmAt: [] as number[] };
  const note = ({ firm, withdrawn }: ReturnType<NumberTracker["push"]>, frame: number) => {
    story.firm += firm.map((each) => each.digit).join("");
    story.withdrawn += withdrawn.map((each) => each.digit).join("");
    story.firmAt.push(...firm.map(() => frame));
  };
  for (let frame = 0; frame < frames; frame++) {
    note(
      tracker.push(
        level(frame),
        digits.filter(({ end }) => end + 4 === frame),
      ),
      frame,
    );
  }
  note(tracker.end(digits.filter(({ end }) => end + 4 >= frames)), frames);
  return story;
}

/** Loud from `start` to `end` alone. */
const loudIn = (start: number, end: number) => (frame: number) =>
  frame >= start && frame < end ? SPEECH : QUIET;

describe("createNumberTracker", () => {
  it("takes back a single digit in the middle of speech", () => {
    expect(run([digit(8, 100)])).toMatchObject({ firm: "", withdrawn: "8" });
  });

  it("makes digits in a row firm as soon as they are worth it, and each further one at once", () => {
    const story = run([digit(4, 100), digit(5, 115), digit(1, 140, 0.4)]);
    expect(story).toEqual({ firm: "451", withdrawn: "", firmAt: [129, 129, 154] });
  });

  it("does not join digits that are too far apart", () => {
    expect(run([digit(4, 50), digit(5, 150)])).toMatchObject({ firm: "", withdrawn: "45" });
  });

  it("forgets doubtful digits before a number", () => {
    expect(run([digit(2, 80, 0.25), digit(4, 100), digit(5, 115)])).toMatchObject({
      firm: "45",
      withdrawn: "2",
    });
  });

  it("takes a digit with silence on both sides for a number, once it is over", () => {
    const story = run([digit(8, 100)], { level: loudIn(100, 110) });
    expect(story).toEqual({ firm: "8", withdrawn: "", firmAt: [120] });
  });

  it.each([
    ["before", 80, 110],
    ["after", 100, 125],
  ])("takes it back with speech %s", (_where, start, end) => {
    expect(run([digit(8, 100)], { level: loudIn(start, end) })).toMatchObject({ firm: "", withdrawn: "8" });
  });

  it("takes one alone back that is not sure enough", () => {
    const level = loudIn(100, 110);
    expect(run([digit(8, 100, 0.45)], { level })).toMatchObject({ firm: "", withdrawn: "8" });
  });

  it("takes a digit that the stream begins and ends with for one alone", () => {
    expect(run([digit(3, 1)], { frames: 12, level: () => SPEECH })).toMatchObject({ firm: "3" });
  });

  it("keeps numbers of the known length alone", () => {
    const three = [digit(4, 50), digit(5, 65), digit(6, 80)];
    const tracker = (nDigits: number) => createNumberTracker(SETTINGS, nDigits);
    expect(run(three, { tracker: tracker(3) })).toMatchObject({ firm: "456", withdrawn: "" });
    expect(run(three, { tracker: tracker(4) })).toMatchObject({ firm: "", withdrawn: "456" });
  });

  it("waits longer for the rest of a number of known length", () => {
    const apart = [digit(4, 50), digit(5, 120)];
    expect(run(apart, { tracker: createNumberTracker(SETTINGS, 2) })).toMatchObject({ firm: "45" });
    const further = [digit(4, 50), digit(5, 140)];
    expect(run(further, { tracker: createNumberTracker(SETTINGS, 2) })).toMatchObject({ firm: "" });
  });

  it("says which digits wait", () => {
    const tracker = createNumberTracker(SETTINGS);
    for (let frame = 0; frame < 120; frame++) tracker.push(SPEECH, []);
    tracker.push(SPEECH, [digit(8, 100)]);
    expect(tracker.waiting()).toMatchObject([{ digit: 8 }]);
    tracker.end([]);
    expect(tracker.waiting()).toEqual([]);
  });
});
