import { describe, expect, it } from "vitest";
import { madeUpDecoding } from "../../test/support/made-up-decoding.ts";
import type { StreamFrame } from "../live/frame-stream.ts";
import { OUTPUT_COUNT } from "../live/stream-net.ts";
import type { HeardRecording } from "./heard-frames.ts";
import type { ListeningSets } from "./listening-report.ts";
import { operatingCurve, operatingCurveSvg } from "./operating-curve.ts";

const DECODING = madeUpDecoding({
  threshold: 0,
  otherCost: 0,
  digitBias: 2,
  endBias: 2,
  digitPenalty: 1,
  otherPenalty: 0,
  minFrames: 3,
  lookahead: 3,
  beam: 8,
});

/** A seven of this confidence in the middle of half an hour. */
function recording(digits: string, confidence: number): HeardRecording {
  const frames = [0, 0, 0, 0, 22, 22, 23, 23, 24, 24, 0, 0, 0, 0].map((state): StreamFrame => {
    const logProbs = new Float32Array(OUTPUT_COUNT).fill(Math.log(1e-4));
    logProbs[0] = Math.log(state === 0 ? 0.99 : 1 - confidence);
    if (state > 0) logProbs[state] = Math.log(confidence);
    return { logProbs, levelDb: -20 };
  });
  return { path: "", corpus: "made-up", speaker: "", digits, durationMs: 1_800_000, frames };
}

const HEARD: ListeningSets<HeardRecording> = {
  numbers: { "digits alone": [recording("7", 0.95), recording("7", 0.55)] },
  negatives: { sentences: [recording("", 0.35)], noise: [recording("", 0.95)] },
};

describe("operatingCurve", () => {
  it("trades digits that are missed for false ones in speech", async () => {
    const curve = await operatingCurve(HEARD, "any", DECODING);
    const at = (threshold: number) => curve.find((point) => point.threshold === threshold);
    expect(at(0.2)).toEqual({ threshold: 0.2, digitErrorRate: 0, falseDigitsPerHour: 2 });
    expect(at(0.5)).toEqual({ threshold: 0.5, digitErrorRate: 0, falseDigitsPerHour: 0 });
    expect(at(0.8)).toEqual({ threshold: 0.8, digitErrorRate: 0.5, falseDigitsPerHour: 0 });
  });
});

describe("operatingCurveSvg", () => {
  it("draws a line for each way that expects other speech", async () => {
    const svg = await operatingCurveSvg(HEARD, DECODING);
    expect(svg).toContain("expecting any");
    expect(svg).toContain("expecting numbers");
  });
});
