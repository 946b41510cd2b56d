import { describe, expect, it } from "vitest";
import { madeUpDecoding } from "../../test/support/made-up-decoding.ts";
import { OUTPUT_COUNT } from "../live/stream-net.ts";
import type { HeardRecording } from "./heard-frames.ts";
import { type TunedListening, tuneListening } from "./tune-listening.ts";

const SETTINGS = {
  threshold: 0.3,
  digitBias: 0.5,
  endBias: 0.5,
  digitPenalty: 4,
  otherPenalty: 0,
  otherCost: 0,
  minFrames: 3,
  lookahead: 3,
  beam: 8,
};
const START = madeUpDecoding(SETTINGS);

/** Speech with six frames of each digit, of which the net is so sure. */
function recording(heard: string, sureness: number, digits = heard): HeardRecording {
  const states = [...heard].flatMap((digit) => [0, 0, 0, 0, 0, 0, ...partsOf(Number(digit))]);
  const frames = [...states, 0, 0, 0, 0, 0, 0].map((state) => {
    const prob = state === 0 ? 0.9 : sureness;
    const logProbs = new Float32Array(OUTPUT_COUNT).fill(Math.log(0.01 / OUTPUT_COUNT));
    logProbs[0] = Math.log(0.99 - prob);
    logProbs[state] = Math.log(prob);
    return { logProbs, levelDb: -20 };
  });
  return { path: "", corpus: "an4", speaker: "", digits, durationMs: 36_000, frames };
}

const partsOf = (digit: number) => [1, 1, 2, 2, 3, 3].map((part) => 3 * digit + part);

describe("tuneListening", () => {
  it("raises the bias until digits that the net doubts are found", async () => {
    const numbers = { "digits alone": [recording("1234", 0.3), recording("5678", 0.3)] };
    const tuned: TunedListening[] = [];
    const decoding = await tuneListening({ numbers, negatives: {} }, START, (each) => tuned.push(each));
    expect(decoding.digits.digitBias).toBeGreaterThan(START.digits.digitBias);
    expect(decoding.any).toMatchObject({ lookahead: 3, beam: 8 });
    expect(tuned.map(({ expect: way }) => way)).toEqual(["digits", "numbers", "any"]);
    expect(tuned[0]!.report.numbers["digits alone"]!.digitErrorRate).toBe(0);
  });

  it("raises what a number costs until two sounds like digits are none, and four are", async () => {
    const heard = {
      numbers: { "digits alone": [recording("1234", 0.6), recording("5678", 0.6)] },
      negatives: { sentences: Array.from({ length: 4 }, () => recording("15", 0.85, "")) },
    };
    const tuned: TunedListening[] = [];
    await tuneListening(heard, START, (each) => tuned.push(each));
    const { numbers, negatives } = tuned.find(({ expect: way }) => way === "numbers")!.report;
    expect(numbers["digits alone"]!.digitErrorRate).toBe(0);
    expect(negatives.sentences!.falseDigits).toBe(0);
  });

  it("fits the confidence of strings anew", async () => {
    const right = Array.from({ length: 20 }, () => recording("12", 0.9));
    const { stringConfidence } = await tuneListening(
      { numbers: { "digits alone": right }, negatives: {} },
      START,
    );
    expect(stringConfidence).not.toEqual(START.stringConfidence);
    expect(stringConfidence.margin).toBeGreaterThan(0);
  });
});
