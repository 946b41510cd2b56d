import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TONE_NAMES, toneSignal } from "../evaluation/tone-signals.ts";
import { createRandom } from "../random.ts";
import { decodeAudio } from "./decode-audio.ts";
import { peakOf } from "./level.ts";
import { muLawInPlace } from "./mu-law.ts";
import { createDcBlocker, withoutTones } from "./offset-and-tones.ts";

const SAMPLES = new URL("../../fixtures/samples/", import.meta.url);
const WORDS = await Promise.all(
  readdirSync(SAMPLES)
    .filter((name) => name.endsWith(".wav"))
    .map(async (name) => (await decodeAudio(readFileSync(new URL(name, SAMPLES)))).samples),
);

/** A second that ends after so many samples of a tone. */
function cut(tone: string, length: number, { db = 0, isTelephone = false } = {}): Float32Array {
  const samples = new Float32Array(8000);
  const gain = 10 ** (db / 20);
  samples.set(
    toneSignal(tone, 1)
      .subarray(0, length)
      .map((value) => value * gain),
    8000 - length,
  );
  if (isTelephone) muLawInPlace(samples);
  return samples;
}

// V.21 shifts between its two with each bit: at no time are they steady.
const STEADY_NAMES = TONE_NAMES.filter((name) => !name.includes("V.21"));

describe.each(STEADY_NAMES)("%s", (tone) => {
  test("of which the end of a recording leaves any length from 70 ms on is taken out", () => {
    for (let length = 560; length <= 1600; length += 80) {
      for (const isTelephone of [false, true]) {
        for (const db of [12, -20]) {
          const left = withoutTones(cut(tone, length, { db, isTelephone }));
          expect(peakOf(left), `${length} samples at ${db} dB`).toBeLessThan(0.001);
        }
      }
    }
  });
});

test("a short tone behind a word is taken out, the word is not", () => {
  for (const word of WORDS) {
    const both = new Float32Array(word.length + 3000);
    both.set(word);
    both.set(cut("busy", 1000).subarray(7000), word.length + 2000);
    const left = withoutTones(both);
    expect(word.every((value, i) => value === left[i])).toBe(true);
    expect(peakOf(left.subarray(word.length))).toBe(0);
  }
});

test("words, whole and cut anywhere, stay as they are", () => {
  for (const [digit, word] of WORDS.entries()) {
    for (let start = 0; start + 400 < word.length; start += 400) {
      for (const samples of [word.subarray(start), word.subarray(0, start + 400)]) {
        expect(withoutTones(samples) === samples, `${digit} cut at ${start}: ${samples.length}`).toBe(true);
      }
    }
  }
});

test("bursts of noise, clicks and three frequencies are no such tones", () => {
  const random = createRandom(1);
  const burst = (at: (n: number) => number) => {
    const samples = new Float32Array(8000);
    for (let n = 0; n < 1000; n++) samples[3000 + n] = at(n);
    return samples;
  };
  const sine = (hz: number, n: number) => 0.1 * Math.sin((2 * Math.PI * hz * n) / 8000);
  for (const samples of [
    burst(() => 0.2 * random.uniform(-1, 1)),
    burst((n) => (n === 500 ? 1 : 0)),
    burst((n) => sine(300, n) + sine(600, n) + sine(900, n)),
    burst((n) => sine(400 + n / 10, n)),
  ]) {
    expect(withoutTones(samples)).toBe(samples);
  }
});

test("silence and recordings of a few samples stay as they are", () => {
  for (const length of [0, 1, 63, 64, 200, 1024]) {
    const samples = new Float32Array(length);
    expect(withoutTones(samples)).toBe(samples);
  }
});

test("an offset that is there from the first sample leaves no step behind, also where a stream begins with an empty piece", () => {
  const withoutOffset = createDcBlocker(8000);
  expect(withoutOffset(new Float32Array(0))).toHaveLength(0);
  expect([...withoutOffset(new Float32Array(3).fill(0.5))]).toEqual([0, 0, 0]);
  expect([...withoutOffset(new Float32Array(0)), ...withoutOffset(Float32Array.of(0.5))]).toEqual([0]);
});
