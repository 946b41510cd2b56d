import { describe, expect, it } from "vitest";
import { madeUpDecoding } from "../../test/support/made-up-decoding.ts";
import { FIRST_FRAME_START, type StreamFrame } from "../live/frame-stream.ts";
import { OUTPUT_COUNT } from "../live/stream-net.ts";
import { fitStringCalibration } from "./fit-string-calibration.ts";
import { delaysIn, digitsIn, type HeardRecording, stringOutcomes } from "./heard-frames.ts";

const SETTINGS = {
  threshold: 0.3,
  digitBias: 0,
  endBias: 0,
  digitPenalty: 2,
  otherPenalty: 0,
  otherCost: 0,
  minFrames: 3,
  lookahead: 3,
  beam: 8,
};
const DECODING = madeUpDecoding(SETTINGS);

/** Frames of speech around each digit. */
const AROUND = 20;
const SPEECH = Array<number>(AROUND).fill(0);

/** Digits with six frames each and speech around them. */
function recording(said: string, heard: string): HeardRecording {
  const states = [...heard].flatMap((digit) => [...SPEECH, ...partsOf(Number(digit))]);
  const frames: StreamFrame[] = [...states, ...SPEECH].map((likeliest) => {
    const logProbs = new Float32Array(OUTPUT_COUNT).fill(Math.log(0.1 / OUTPUT_COUNT));
    logProbs[likeliest] = Math.log(0.85);
    return { logProbs, levelDb: -20 };
  });
  const durationMs = 32 * frames.length;
  return { path: "", corpus: "phone", speaker: "", digits: said, durationMs, frames };
}

const partsOf = (digit: number) => [1, 1, 2, 2, 3, 3].map((part) => 3 * digit + part);

describe("digitsIn", () => {
  it("finds what each way of listening finds: a digit alone among speech is no number", () => {
    expect(digitsIn(recording("1234", "1234"), "any", DECODING)).toBe("1234");
    expect(digitsIn(recording("1234", "1234"), "numbers", DECODING)).toBe("1234");
    expect(digitsIn(recording("7", "7"), "digits", DECODING)).toBe("7");
    expect(digitsIn(recording("7", "7"), "numbers", DECODING)).toBe("");
  });

  it("forgets what it decoded with other settings", () => {
    const phone = recording("12", "12");
    const deaf = { ...DECODING, any: { ...SETTINGS, digitPenalty: 1000 } };
    expect(["12", "", "12"]).toEqual(
      [DECODING, deaf, DECODING].map((decoding) => digitsIn(phone, "any", decoding)),
    );
  });
});

describe("delaysIn", () => {
  it("tells how long after its end a digit is emitted, where its times are known", () => {
    const startMs = AROUND * 32 + FIRST_FRAME_START / 8;
    const spoken = [{ digit: 3, startMs, endMs: startMs + 6 * 32 }];
    const [delay, ...others] = delaysIn({ ...recording("3", "3"), spoken }, DECODING);
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThan(500);
    expect(others).toEqual([]);
    expect(delaysIn(recording("3", "3"), DECODING)).toEqual([]);
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
    const outcomes = stringOutcomes([recording("12", "12"), recording("3", "4")], DECODING);
    expect(outcomes.map(({ isRight }) => isRight)).toEqual([true, false]);
    for (const { margin } of outcomes) expect(margin).toBeGreaterThan(0);
  });
});
