import { describe, expect, it } from "vitest";
import { createFrameStream, FIRST_FRAME_START } from "../live/frame-stream.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { OUTPUT_COUNT, STATE_HOP } from "../live/stream-net.ts";
import { type EmittedDigit, listen, measureStreamErrors, quantileOf } from "./stream-errors.ts";

const spoken = (...digits: number[]) =>
  digits.map((digit, i) => ({ digit, startMs: 1000 * i, endMs: 1000 * i + 400 }));
const emitted = (digit: number, place: number, delayMs = 200): EmittedDigit => ({
  digit,
  confidence: 0.9,
  rivals: [],
  startMs: 1000 * place + 10,
  endMs: 1000 * place + 390,
  emittedMs: 1000 * place + 400 + delayMs,
});

describe("measureStreamErrors", () => {
  it("counts what is heard as another, not heard, and heard without being said", () => {
    const errors = measureStreamErrors([
      { stream: { digits: spoken(1, 2, 3) }, emitted: [emitted(1, 0), emitted(2, 1), emitted(3, 2)] },
      { stream: { digits: spoken(4, 5, 6) }, emitted: [emitted(4, 0), emitted(9, 1)] },
      { stream: { digits: spoken(7, 7) }, emitted: [emitted(7, 0), emitted(7, 1), emitted(8, 2)] },
    ]);
    expect(errors).toMatchObject({ streams: 3, digits: 8, substitutions: 1, deletions: 1, insertions: 1 });
    expect(errors.digitErrorRate).toBeCloseTo(3 / 8);
    expect(errors.stringAccuracy).toBeCloseTo(1 / 3);
  });

  it("measures the delay of what is heard rightly, of each of two like digits by its own place", () => {
    const { delaysMs } = measureStreamErrors([
      {
        stream: { digits: spoken(7, 7, 1) },
        emitted: [emitted(7, 0, 300), emitted(7, 1, 100), emitted(2, 2)],
      },
    ]);
    expect(delaysMs).toEqual([100, 300]);
    expect(quantileOf(delaysMs, 0.95)).toBe(300);
    expect(quantileOf(delaysMs, 0)).toBe(100);
  });
});

describe("listen", () => {
  it("emits each digit with the audio time at which it was emitted", async () => {
    // A net that hears "3" in frames 20 to 31, and in nothing else.
    let frame = 0;
    const run = async (samples: Float32Array) =>
      Float32Array.from(Array.from({ length: samples.length / STATE_HOP }, () => [...rowOf(frame++)]).flat());
    const model = {
      info: { sampleRate: 8000, decoding: { any: DECODING } },
      openFrames: () => createFrameStream({ run, reset: () => undefined }),
    } as unknown as StreamModel;
    const [emitted, ...more] = await listen(
      model,
      Float32Array.from({ length: 16_000 }, (_, n) => 0.1 * Math.sin(n * n)),
    );
    expect(more).toEqual([]);
    expect(emitted).toMatchObject({ digit: 3, startMs: 20 * 32 + START_MS, endMs: 32 * 32 + START_MS });
    // The run that answers frame 34, the third after the digit, is the twelfth, every 96 ms; chunks are 10 ms long.
    expect(emitted!.emittedMs).toBe(10 * Math.ceil((12 * 96) / 10));
  });
});

const DECODING = {
  threshold: 0.5,
  digitBias: 0,
  endBias: 0,
  digitPenalty: 0,
  otherPenalty: 0,
  otherCost: 0,
  minFrames: 4,
  lookahead: 3,
  beam: Infinity,
};
const START_MS = FIRST_FRAME_START / 8;

function rowOf(frame: number): Float32Array {
  const state = frame >= 20 && frame < 32 ? 10 + Math.floor((frame - 20) / 4) : 0;
  return new Float32Array(OUTPUT_COUNT).fill(-9).with(state, -0.01);
}
