import { describe, expect, it } from "vitest";
import { STREAM_WINDOW } from "../../live/stream-net.ts";
import { createRandom } from "../../random.ts";
import { createFluentDrawer, type FluentKind } from "./draw-fluent.ts";
import type { FluentClip } from "./fluent-clip.ts";
import { stateStretches } from "./stream-targets.ts";

const HZ = 600;
/** A tone where the digits are, and a tone of another pitch where other words are. */
const WITH_DIGITS: FluentClip = clipOf(5, [1, 2, 3]);
const WITHOUT = { ...clipOf(5, []), stretches: [] };

function clipOf(seconds: number, tonesAt: readonly number[]): FluentClip {
  const spans = tonesAt.map((second) => ({ digit: 4, start: 8000 * second, end: 8000 * second + 3000 }));
  const samples = Float32Array.from({ length: 8000 * seconds }, (_, n) => {
    const isSpoken = spans.some(({ start, end }) => n >= start && n < end);
    return isSpoken ? Math.sin((2 * Math.PI * HZ * n) / 8000) : 0.001 * Math.sin(n);
  });
  return { samples, stretches: stateStretches(spans), others: [], weight: 1 };
}

const CHANNEL = {
  draw: () => undefined,
  add(sound: Float32Array, start: number, out: Float32Array) {
    sound.forEach((value, i) => {
      if (out[start + i] !== undefined) out[start + i]! += value;
    });
  },
};
const PACE = { rate: 1, speed: 1, gapMs: [0, 300], levelDb: 0 } as const;

function place(clips: readonly FluentClip[], kind: FluentKind, index: number, pace = {}) {
  const out = new Float32Array(STREAM_WINDOW);
  const random = createRandom(3, index);
  const drawing = { kind, pace: { ...PACE, ...pace }, channel: CHANNEL, random };
  return { stretches: createFluentDrawer(clips).place(drawing, out), out };
}

const powerOf = (samples: Float32Array) =>
  samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);

describe("createFluentDrawer", () => {
  it.each([{}, { rate: 1.3 }, { speed: 0.85 }, { rate: 0.8, speed: 1.2 }])(
    "puts the states where the digits are heard, at the pace %j",
    (pace) => {
      for (let index = 0; index < 20; index++) {
        const { stretches, out } = place([WITH_DIGITS], "fluent", index, pace);
        for (const { start, end } of stretches) {
          // The edges of a window and of a recording cut digits and fade; the tempo change moves sounds a little.
          const [from, to] = [Math.round(start) + 120, Math.round(end) - 120];
          if (from < 400 || to > STREAM_WINDOW - 400) continue;
          expect(powerOf(out.subarray(from, to)), `window ${index}`).toBeGreaterThan(0.2);
        }
      }
    },
  );

  it("keeps states in their order, from the first digit that reaches in to the last", () => {
    for (let index = 0; index < 30; index++) {
      const { stretches } = place([WITH_DIGITS, WITHOUT], "fluent", index);
      stretches.forEach(({ start, end }, i) => {
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThanOrEqual((stretches[i - 1]?.end ?? -Infinity) - 1e-6);
      });
    }
  });

  it("never leaves a recording in the middle of a digit", () => {
    for (let index = 0; index < 60; index++) {
      const { stretches } = place([WITH_DIGITS], "fluent", index);
      stretches.forEach(({ state, end }, i) => {
        const isLast = state % 3 === 0;
        const follows = stretches[i + 1];
        if (!isLast && end < STREAM_WINDOW - 100) expect(follows?.state).toBe(state + 1);
      });
    }
  });

  it("has no digit in windows without, and fills them from recording to recording", () => {
    const { stretches, out } = place(
      [WITH_DIGITS, { ...WITHOUT, samples: WITH_DIGITS.samples.slice(8000, 11_000) }],
      "sentence",
      1,
    );
    expect(stretches).toEqual([]);
    expect(powerOf(out.subarray(STREAM_WINDOW / 2))).toBeGreaterThan(0.01);
  });

  it("draws recordings by weight and length", () => {
    const rare = { ...WITH_DIGITS, weight: 1 };
    const often = { ...clipOf(5, [2]), weight: 0 };
    for (let index = 0; index < 20; index++) {
      expect(place([rare, often], "fluent", index)).toEqual(place([rare], "fluent", index));
    }
  });

  it("says which windows it can draw", () => {
    const drawer = createFluentDrawer([WITHOUT]);
    expect([drawer.has("fluent"), drawer.has("sentence")]).toEqual([false, true]);
    expect(() => place([WITHOUT], "fluent", 0)).toThrow(/no recording of kind fluent/);
  });
});
