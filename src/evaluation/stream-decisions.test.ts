import { describe, expect, it } from "vitest";
import { FIRST_FRAME_START } from "../live/frame-stream.ts";
import { STATE_COUNT } from "../live/stream-net.ts";
import { type AnsweredStream, LONGEST_DELAY_MS, rankDecisions } from "./stream-decisions.ts";

const FRAME_MS = 32;
const DECODING = { digitBias: 0, endBias: 0, digitPenalty: 2, minFrames: 4, lookahead: 1, beam: 8 };

/** The net's answer: a four of twelve frames from frame 20 on, of this probability. */
function answered(prob: number, changes: Partial<AnsweredStream> = {}): AnsweredStream {
  const frames = Array.from({ length: 60 }, (_, i) => {
    const state = i >= 20 && i < 32 ? 13 + Math.floor((i - 20) / 4) : 0;
    const row = new Float32Array(STATE_COUNT).fill(Math.log((1 - prob) / (STATE_COUNT - 1)));
    row[state] = Math.log(prob);
    return row;
  });
  const startMs = 20 * FRAME_MS + FIRST_FRAME_START / 8;
  const spoken = [{ digit: 4, startMs, endMs: startMs + 12 * FRAME_MS }];
  return { group: "digits", spoken, seconds: 2.5, frames, ...changes };
}

describe("rankDecisions", () => {
  it("counts errors in digits, digits where there are none, and how late they are told", () => {
    const streams = [answered(0.9), answered(0.6), answered(0.9, { group: "noise", spoken: [] })];
    const [best, worse] = rankDecisions(streams, { decodings: [DECODING], thresholds: [0, 0.8] });
    // At 0.8 the second four is missed, and the false one stays.
    expect(worse).toMatchObject({ threshold: 0.8, digitErrorRates: { digits: 0.5 } });
    expect(best).toMatchObject({ threshold: 0, digitErrorRates: { digits: 0 } });
    expect(best!.falsePerHour.noise).toBeCloseTo(3600 / 2.5);
    expect(best!.cost).toBeCloseTo(3600 / 2.5 / 100);
    expect(best!.delayMs.digits).toBeGreaterThan(0);
    expect(best!.delayMs.digits).toBeLessThan(LONGEST_DELAY_MS);
  });

  it("puts settings last that tell digits too late, however few their errors", () => {
    const [four] = answered(0.9).spoken;
    const endedLongBefore = answered(0.9, { spoken: [{ ...four!, endMs: four!.endMs - LONGEST_DELAY_MS }] });
    const deaf = { ...DECODING, digitPenalty: 1000 };
    const [first, second] = rankDecisions([endedLongBefore], {
      decodings: [DECODING, deaf],
      thresholds: [0],
    });
    expect(first).toMatchObject({ decoding: deaf, digitErrorRates: { digits: 1 } });
    expect(second).toMatchObject({ decoding: DECODING, digitErrorRates: { digits: 0 } });
    expect(second!.delayMs.digits).toBeGreaterThan(LONGEST_DELAY_MS);
  });
});
