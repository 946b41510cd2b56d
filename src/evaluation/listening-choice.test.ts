import { describe, expect, it } from "vitest";
import type { Decoding } from "../live/decoding.ts";
import type { StreamFrame } from "../live/frame-stream.ts";
import { STATE_COUNT } from "../live/stream-net.ts";
import { fitStringCalibration } from "./fit-string-calibration.ts";
import { type ListenedRecording, measureListening, stringOutcomes } from "./listening-choice.ts";

const SETTINGS = {
  threshold: 0.3,
  digitBias: 0,
  endBias: 0,
  digitPenalty: 2,
  minFrames: 3,
  lookahead: 3,
  beam: 8,
};
const DECODING: Decoding = {
  any: SETTINGS,
  digits: SETTINGS,
  numbers: {
    ...SETTINGS,
    digitCost: 0.35,
    entryCost: 0.6,
    maxGapMs: 1500,
    aloneQuietMs: 320,
    aloneContrastDb: 10,
    aloneConfidence: 0.3,
  },
  stringConfidence: { offset: 0, margin: 1, confidence: 0 },
};

/** Digits with six frames each and six of speech around them. */
function recording(group: string, spoken: string, heard: string, isDigitsAlone = true): ListenedRecording {
  const states = [...heard].flatMap((digit) => [0, 0, 0, 0, 0, 0, ...partsOf(Number(digit))]);
  const frames: StreamFrame[] = [...states, 0, 0, 0, 0, 0, 0].map((likeliest) => {
    const logProbs = new Float32Array(STATE_COUNT).fill(Math.log(0.1 / STATE_COUNT));
    logProbs[likeliest] = Math.log(0.85);
    return { logProbs, levelDb: -20 };
  });
  return { group, spoken, isDigitsAlone, frames, seconds: 36 };
}

const partsOf = (digit: number) => [1, 1, 2, 2, 3, 3].map((part) => 3 * digit + part);

describe("measureListening", () => {
  it("counts errors by group, and false digits by the hour", () => {
    const recordings = [
      recording("phone", "1234", "1234"),
      recording("phone", "5678", "5078"),
      recording("home", "12", "1"),
      recording("speech", "", "77", false),
    ];
    expect(measureListening(recordings, "any", DECODING)).toEqual({
      digitErrorRates: { phone: 1 / 8, home: 1 / 2 },
      falsePerHour: 200,
    });
    expect(measureListening(recordings, "digits", DECODING).falsePerHour).toBe(0);
  });

  it("leaves single digits among words out where numbers are expected, and takes none for a number", () => {
    const recordings = [recording("home", "7", "7", false), recording("speech", "", "7", false)];
    expect(measureListening(recordings, "numbers", DECODING)).toEqual({
      digitErrorRates: {},
      falsePerHour: 0,
    });
  });
});

describe("fitStringCalibration", () => {
  it("learns that strings with a wide margin are right", () => {
    const outcomes = Array.from({ length: 200 }, (_, i) => ({
      margin: (i % 20) + 1,
      confidences: [0.8, 0.8],
      isRight: i % 20 > 8 || i % 7 === 0,
    }));
    const { margin } = fitStringCalibration(outcomes);
    expect(margin).toBeGreaterThan(0.1);
  });

  it("knows nothing without outcomes", () => {
    expect(fitStringCalibration([])).toEqual({ offset: 0, margin: 0, confidence: 0 });
  });

  it("says of strings of digits alone whether they are right, and by how much they win", () => {
    const outcomes = stringOutcomes([recording("phone", "12", "12"), recording("home", "3", "4")], DECODING);
    expect(outcomes.map(({ isRight }) => isRight)).toEqual([true, false]);
    for (const { margin } of outcomes) expect(margin).toBeGreaterThan(0);
  });
});
