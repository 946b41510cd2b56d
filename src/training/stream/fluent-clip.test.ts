import { describe, expect, it } from "vitest";
import { fluentClip } from "./fluent-clip.ts";
import { UNSURE } from "./stream-targets.ts";

const RECORDING = { path: "a.flac", corpus: "an4", speaker: "ann", part: "training", text: "" } as const;
const samples = new Float32Array(16_000);

describe("fluentClip", () => {
  it("parts each digit of the table into thirds, oh with states of its own, and leaves the rest to none", () => {
    const words = [
      { word: "enter", startMs: 0, endMs: 300 },
      { word: "two", startMs: 300, endMs: 600 },
      { word: "oh", startMs: 600, endMs: 750 },
    ];
    expect(fluentClip({ ...RECORDING, words }, samples).stretches).toEqual([
      { state: 7, start: 2400, end: 3200 },
      { state: 8, start: 3200, end: 4000 },
      { state: 9, start: 4000, end: 4800 },
      { state: 31, start: 4800, end: 5200 },
      { state: 32, start: 5200, end: 5600 },
      { state: 33, start: 5600, end: 6000 },
    ]);
  });

  it("has no say about the letter o, and about nothing where words have no times", () => {
    const words = [{ word: "o", startMs: 100, endMs: 200 }];
    expect(fluentClip({ ...RECORDING, words }, samples).stretches).toEqual([
      { state: UNSURE, start: 800, end: 1600 },
    ]);
    expect(fluentClip({ ...RECORDING, words: undefined }, samples).stretches).toEqual([]);
  });

  it("finds other speech by its sound, where it is no digit and not at one's edge", () => {
    const sounds = [
      [300, 900],
      [1200, 1600],
    ];
    const said = samples.map((_, n) =>
      sounds.some(([from, to]) => n >= 8 * from! && n < 8 * to!) ? Math.sin(n) : 0.001 * Math.sin(n),
    );
    const words = [
      { word: "two", startMs: 600, endMs: 850 },
      { word: "enter", startMs: 1200, endMs: 1600 },
    ];
    const { others } = fluentClip({ ...RECORDING, words }, said);
    expect(others).toHaveLength(2);
    [300, 600, 1200, 1600].forEach((ms, i) => {
      const { start, end } = others[i >> 1]!;
      expect(Math.abs((i % 2 === 0 ? start : end) / 8 - ms)).toBeLessThanOrEqual(20);
    });
  });

  it("draws recordings more often in which zero is oh", () => {
    const weightOf = (word: string) =>
      fluentClip({ ...RECORDING, words: [{ word, startMs: 0, endMs: 300 }] }, samples).weight;
    expect(weightOf("oh")).toBeGreaterThan(weightOf("zero"));
  });

  it("draws rarer corpora more often", () => {
    const words = [{ word: "two", startMs: 0, endMs: 300 }];
    const weightOf = (corpus: string) => fluentClip({ ...RECORDING, corpus, words }, samples).weight;
    expect(weightOf("phone-numbers")).toBeGreaterThan(weightOf("an4"));
    expect(weightOf("another")).toBe(1);
  });
});
