import { expect, test } from "vitest";
import { createSpeedChanger } from "./speed-change.ts";

const tone = (hz: number, length = 4000) =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hz * i) / 8000));

function change(samples: Float32Array, factor: number): Float32Array {
  const out = new Float32Array(10_000);
  return out.subarray(0, createSpeedChanger().changeInto(samples, factor, out));
}

/** Largest difference away from the ends, where the kernel sees the silence around the clip. */
function worstInside(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let i = 50; i < Math.min(a.length, b.length) - 50; i++)
    worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

test.each([0.8, 0.93, 1.07, 1.25, 2])("at factor %f a tone is as much higher and shorter", (factor) => {
  const faster = change(tone(500), factor);
  expect(faster.length).toBe(Math.ceil(4000 / factor));
  expect(worstInside(faster, tone(500 * factor, faster.length))).toBeLessThan(2e-3);
});

test("high tones keep their level when slowed down", () => {
  const slower = change(tone(3300), 0.8);
  expect(worstInside(slower, tone(2640, slower.length))).toBeLessThan(0.02);
});

test("a tone that would go above 4 kHz is gone instead of folded back", () => {
  const faster = change(tone(3700), 1.25);
  expect(worstInside(faster, new Float32Array(faster.length))).toBeLessThan(0.01);
});

test("factor 1 gives the samples themselves", () => {
  const samples = tone(777, 100);
  expect(change(samples, 1)).toEqual(samples);
});

test("a constant stays constant inside", () => {
  const slower = change(new Float32Array(500).fill(0.5), 0.87);
  expect(worstInside(slower, new Float32Array(500).fill(0.5))).toBeLessThan(1e-6);
});

test("writes no more than fits, and takes one sample", () => {
  const out = new Float32Array(10);
  expect(createSpeedChanger().changeInto(tone(100), 0.9, out)).toBe(10);
  const single = change(Float32Array.of(1), 1.2);
  expect(single.length).toBe(1);
  expect(single.every(Number.isFinite)).toBe(true);
});

test("what came before leaves no trace", () => {
  const changer = createSpeedChanger();
  const out = new Float32Array(5000);
  changer.changeInto(new Float32Array(4000).fill(9), 0.8, out);
  const length = changer.changeInto(tone(300, 200), 0.8, out);
  expect(out.slice(0, length)).toEqual(change(tone(300, 200), 0.8));
});
