import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { backwards, firstPart, join, lastPart } from "./word-parts.ts";

const energy = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0);
const steepest = (samples: Float32Array) =>
  samples.reduce((most, x, i) => Math.max(most, i > 0 ? Math.abs(x - samples[i - 1]!) : 0), 0);
const tone = (length: number, gain = 1) => Float32Array.from({ length }, (_, i) => gain * Math.cos(0.05 * i));

/** A word between two silences, loudest at its beginning. */
const word = (() => {
  const random = createRandom(1);
  const samples = new Float32Array(4096);
  for (let i = 1024; i < 3072; i++) samples[i] = random.normal() * (i < 1500 ? 2 : 0.5);
  return samples;
})();

test("a part is as long as its share of the word, silence around it not counted", () => {
  expect(lastPart(word, 0.4).length).toBe(1024 + Math.round(0.4 * 2048));
  expect(firstPart(tone(2000), 0.35).length).toBe(700);
});

test("a part is cut by its duration alone, however much of the energy it holds", () => {
  const loudFirst = firstPart(word, 0.5);
  expect(loudFirst.length).toBe(2048);
  expect(energy(loudFirst)).toBeGreaterThan(0.8 * energy(word));
  expect(energy(lastPart(word, 0.5))).toBeLessThan(0.2 * energy(word));
});

test("the last part is the first of the word played backwards", () => {
  expect(lastPart(word, 0.45)).toEqual(backwards(firstPart(backwards(word), 0.45)));
});

test("cuts do not click: no step is steeper than those of the sound", () => {
  const part = firstPart(tone(2000), 0.4);
  expect(steepest(Float32Array.of(...part, 0))).toBeLessThan(1.5 * steepest(tone(2000)));
  const joined = join(firstPart(tone(2000), 0.4), lastPart(tone(3000, 0.1), 0.4));
  expect(steepest(joined)).toBeLessThan(2 * steepest(tone(2000)));
});

test("joined parts have one level", () => {
  const joined = join(firstPart(tone(2000), 0.4), lastPart(tone(2000, 0.01), 0.4));
  expect(energy(joined.subarray(0, 750)) / energy(joined.subarray(-750))).toBeCloseTo(1, 0);
  expect(joined.length).toBe(1600 - 32);
});

test("takes one sample and silence", () => {
  expect(firstPart(Float32Array.of(1), 0.4).length).toBe(1);
  expect(lastPart(new Float32Array(500), 0.4).length).toBe(200);
  expect(join(Float32Array.of(0), new Float32Array(500)).every((x) => x === 0)).toBe(true);
});

test("backwards makes a copy", () => {
  const samples = Float32Array.of(1, 2, 3);
  expect([...backwards(samples)]).toEqual([3, 2, 1]);
  expect([...samples]).toEqual([1, 2, 3]);
});
