import { describe, expect, it } from "vitest";
import type { Decoding } from "../live/decoding.ts";
import type { StreamFrame } from "../live/frame-stream.ts";
import { STATE_COUNT } from "../live/stream-net.ts";
import { STREAM_DECISIONS } from "../training/stream/stream-recipe.ts";
import { digitsHeard, type HeardRecording, rankListening } from "./choose-listening.ts";

const { decoding } = STREAM_DECISIONS;
const withPenalty = (digitPenalty: number): Decoding => ({
  ...decoding,
  any: { ...decoding.any, digitPenalty, threshold: 0 },
});

/** Frames in which a digit is heard with some probability, or none. */
function frames(digit: number, prob: number): StreamFrame[] {
  const row = (state: number): StreamFrame => {
    const logProbs = new Float32Array(STATE_COUNT).fill(Math.log(1e-4));
    logProbs[0] = Math.log(1 - prob);
    logProbs[state] = Math.log(state === 0 ? 0.99 : prob);
    return { logProbs, levelDb: -20 };
  };
  const quiet = Array.from({ length: 10 }, () => row(0));
  const said = [1, 2, 3].flatMap((part) => Array.from({ length: 3 }, () => row(3 * digit + part)));
  return [...quiet, ...said, ...quiet];
}

const RECORDINGS: HeardRecording[] = [
  { group: "alone an4", digits: "4", seconds: 36, frames: frames(4, 0.8) },
  { group: "alone an4", digits: "7", seconds: 36, frames: frames(7, 0.9) },
  { group: "calls", digits: "", seconds: 36, frames: frames(2, 0.6) },
];
const rank = (freePerHour: number, perHour: number, penalties: readonly number[]) =>
  rankListening(RECORDINGS, {
    expect: "any",
    candidates: penalties.map(withPenalty),
    falseDigits: { freePerHour, perHour },
  });

describe("digitsHeard", () => {
  it("finds the digits of a recording, in order", () => {
    expect(digitsHeard([...frames(4, 0.9), ...frames(1, 0.9)], withPenalty(2), "any")).toBe("41");
  });
});

describe("rankListening", () => {
  it("counts errors and false digits by group", () => {
    const [result] = rank(0, 0, [2]);
    expect(result).toMatchObject({ errors: { "alone an4": 0 }, falsePerHour: { calls: 100 }, cost: 0 });
  });

  it("weighs false digits above those that are free against digits missed", () => {
    const penalties = [2, 100];
    const best = (freePerHour: number, perHour: number) =>
      rank(freePerHour, perHour, penalties)[0]!.decoding.any.digitPenalty;
    expect(best(0, 10)).toBe(100);
    expect(best(0, 0.5)).toBe(2);
    expect(best(100, 10)).toBe(2);
  });
});
