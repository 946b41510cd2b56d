import { describe, expect, it } from "vitest";
import {
  ANSWER_SHIFT,
  OTHER_SPEECH,
  OUTPUT_COUNT,
  RECEPTIVE_RADIUS,
  STATE_HOP,
} from "../../live/stream-net.ts";
import type { PlacedDigit, StateStretch } from "./stream-targets.ts";
import { fillStreamTargets, framesWithContext, stateStretches, UNSURE } from "./stream-targets.ts";

const LENGTH = 16_384;
const FRAMES = LENGTH / STATE_HOP;

function targetsOf(digits: readonly PlacedDigit[], smoothing = 0): Float32Array[] {
  const out = new Float32Array(FRAMES * OUTPUT_COUNT).fill(7);
  fillStreamTargets(stateStretches(digits), { length: LENGTH, smoothing }, out);
  return Array.from({ length: FRAMES }, (_, i) => out.subarray(i * OUTPUT_COUNT, (i + 1) * OUTPUT_COUNT));
}

const likeliest = (row: Float32Array) => row.indexOf(Math.max(...row));
const middleOf = (frame: number) => (frame + 0.5 + ANSWER_SHIFT) * STATE_HOP;

describe("fillStreamTargets", () => {
  it("parts a digit into its beginning, middle and end, with none around it", () => {
    const rows = targetsOf([{ digit: 6, start: 6000, end: 9000 }]);
    const { first, end } = framesWithContext(LENGTH);
    for (let frame = first; frame < end; frame++) {
      const at = middleOf(frame);
      const nearBorder = [6000, 7000, 8000, 9000].some((border) => Math.abs(border - at) < STATE_HOP / 2);
      const part = Math.floor((at - 6000) / 1000);
      if (!nearBorder) expect(likeliest(rows[frame]!)).toBe(part >= 0 && part < 3 ? 19 + part : 0);
      expect(rows[frame]!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
  });

  it("has no targets where the receptive field reaches beyond the window", () => {
    const rows = targetsOf([]);
    rows.forEach((row, frame) => {
      const middle = (frame + 0.5) * STATE_HOP;
      const fits = middle >= RECEPTIVE_RADIUS && middle + RECEPTIVE_RADIUS <= LENGTH;
      expect(row[0], `frame ${frame}`).toBe(fits ? 1 : 0);
    });
  });

  it("parts two digits that overlap in the middle of the overlap", () => {
    const rows = targetsOf([
      { digit: 1, start: 5600, end: 8800 },
      { digit: 1, start: 8400, end: 11_600 },
    ]);
    const { first, end } = framesWithContext(LENGTH);
    const states = Array.from({ length: end - first }, (_, i) => likeliest(rows[first + i]!));
    const changes = states.filter((state, i) => state !== states[i - 1]);
    expect(changes).toEqual([0, 4, 5, 6, 4, 5, 6, 0]);
  });

  it("has no target where nobody knows what is said", () => {
    const out = new Float32Array(FRAMES * OUTPUT_COUNT);
    const unsure = { state: UNSURE, start: 7000, end: 9000 };
    fillStreamTargets([unsure], { length: LENGTH, smoothing: 0 }, out);
    const { first, end } = framesWithContext(LENGTH);
    for (let frame = first; frame < end; frame++) {
      const isTouched = Math.abs(middleOf(frame) - 8000) < 1000 + 192;
      expect(out[frame * OUTPUT_COUNT], `frame ${frame}`).toBe(isTouched ? 0 : 1);
    }
  });

  it("takes for other speech what is said and no digit", () => {
    const out = new Float32Array(FRAMES * OUTPUT_COUNT);
    const said = { state: OTHER_SPEECH, start: 5000, end: 11_000 };
    const digit = stateStretches([{ digit: 6, start: 7000, end: 9000 }]);
    fillStreamTargets([...digit, said], { length: LENGTH, smoothing: 0 }, out);
    const { first, end } = framesWithContext(LENGTH);
    for (let frame = first; frame < end; frame++) {
      const row = out.subarray(frame * OUTPUT_COUNT, (frame + 1) * OUTPUT_COUNT);
      const at = middleOf(frame);
      if ([5000, 7000, 9000, 11_000].some((border) => Math.abs(border - at) < STATE_HOP)) continue;
      const isDigit = at > 7000 && at < 9000;
      expect(row[OTHER_SPEECH], `frame ${frame}`).toBeCloseTo(
        !isDigit && at > 5000 && at < 11_000 ? 1 : 0,
        5,
      );
      expect(row[0], `frame ${frame}`).toBeCloseTo(at < 5000 || at > 11_000 ? 1 : 0, 5);
    }
  });

  it("lets the frames of a short digit count more, those of one that is cut as others do", () => {
    const weights = (stretches: readonly StateStretch[]) => {
      const out = new Float32Array(FRAMES * OUTPUT_COUNT);
      fillStreamTargets(stretches, { length: LENGTH, smoothing: 0.1 }, out);
      return (at: number) => {
        const frame = Math.round(at / STATE_HOP - 0.5 - ANSWER_SHIFT);
        const row = out.subarray(frame * OUTPUT_COUNT, (frame + 1) * OUTPUT_COUNT);
        return row.reduce((sum, value) => sum + value, 0);
      };
    };
    const ofLength = (length: number) =>
      weights(stateStretches([{ digit: 4, start: 8000, end: 8000 + length }]));
    expect(ofLength(3600)(9800)).toBeCloseTo(1, 5);
    expect(ofLength(1600)(8800)).toBeCloseTo(1.5, 5);
    expect(ofLength(800)(8400)).toBeCloseTo(1.5, 5);
    expect(ofLength(800)(12_000)).toBeCloseTo(1, 5);
    const cut = stateStretches([{ digit: 4, start: 8000, end: 8800 }]).slice(1);
    expect(weights(cut)(8500)).toBeCloseTo(1, 5);
  });

  it("spreads a share over all states", () => {
    const row = targetsOf([], 0.35)[30]!;
    expect(row[5]).toBeCloseTo(0.01, 5);
    expect(row[0]).toBeCloseTo(0.66, 5);
  });
});
