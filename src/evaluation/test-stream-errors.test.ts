import { describe, expect, it } from "vitest";
import type { StreamModel } from "../live/stream-model.ts";
import type { ToldDigit } from "./test-stream-errors.ts";
import { listen, measureStreamErrors, quantileOf } from "./test-stream-errors.ts";

const spoken = (...digits: number[]) =>
  digits.map((digit, i) => ({ digit, startMs: 1000 * i, endMs: 1000 * i + 400 }));
const told = (digit: number, place: number, delayMs = 200): ToldDigit => ({
  digit,
  confidence: 0.9,
  startMs: 1000 * place + 10,
  endMs: 1000 * place + 390,
  toldMs: 1000 * place + 400 + delayMs,
});

describe("measureStreamErrors", () => {
  it("counts what is heard as another, not heard, and heard without being said", () => {
    const errors = measureStreamErrors([
      { stream: { digits: spoken(1, 2, 3) }, told: [told(1, 0), told(2, 1), told(3, 2)] },
      { stream: { digits: spoken(4, 5, 6) }, told: [told(4, 0), told(9, 1)] },
      { stream: { digits: spoken(7, 7) }, told: [told(7, 0), told(7, 1), told(8, 2)] },
    ]);
    expect(errors).toMatchObject({ streams: 3, digits: 8, substitutions: 1, deletions: 1, insertions: 1 });
    expect(errors.digitErrorRate).toBeCloseTo(3 / 8);
    expect(errors.stringAccuracy).toBeCloseTo(1 / 3);
  });

  it("measures the delay of what is heard rightly, of each of two like digits by its own place", () => {
    const { delaysMs } = measureStreamErrors([
      { stream: { digits: spoken(7, 7, 1) }, told: [told(7, 0, 300), told(7, 1, 100), told(2, 2)] },
    ]);
    expect(delaysMs).toEqual([100, 300]);
    expect(quantileOf(delaysMs, 0.95)).toBe(300);
    expect(quantileOf(delaysMs, 0)).toBe(100);
  });
});

describe("listen", () => {
  it("tells each digit with the audio time at which it was told", async () => {
    const event = { digit: 3, confidence: 0.8, startMs: 5, endMs: 15 };
    let nSamples = 0;
    const model = {
      info: { sampleRate: 8000, threshold: 0.5 },
      openStream: () => ({
        push: async (samples: Float32Array) => {
          const before = nSamples;
          nSamples += samples.length;
          return before < 200 && nSamples >= 200 ? [event] : [];
        },
        end: async () => [{ ...event, digit: 4 }],
      }),
    } as unknown as StreamModel;
    expect(await listen(model, new Float32Array(1000))).toEqual([
      { ...event, toldMs: 30 },
      { ...event, digit: 4, toldMs: 125 },
    ]);
  });
});
