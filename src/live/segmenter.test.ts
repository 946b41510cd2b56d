import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import type { Word } from "./segmenter.ts";
import { createSegmenter } from "./segmenter.ts";

const SAMPLE_RATE = 8000;
const random = createRandom(3);

function noise(ms: number, levelDb: number): number[] {
  const gain = 10 ** (levelDb / 20);
  return Array.from({ length: (ms / 1000) * SAMPLE_RATE }, () => random.normal() * gain);
}

function wordsIn(parts: number[][], chunkLength = 160): Word[] {
  const samples = Float32Array.from(parts.flat());
  const segmenter = createSegmenter({ sampleRate: SAMPLE_RATE });
  const words: Word[] = [];
  for (let start = 0; start < samples.length; start += chunkLength) {
    words.push(...segmenter.push(samples.subarray(start, start + chunkLength)));
  }
  return words;
}

const toMs = (sample: number) => (sample / SAMPLE_RATE) * 1000;

describe("createSegmenter", () => {
  it("cuts words at the silences between them, with what was just before", () => {
    const words = wordsIn([
      noise(500, -70),
      noise(400, -20),
      noise(400, -70),
      noise(300, -25),
      noise(400, -70),
    ]);
    expect(words).toHaveLength(2);
    expect(toMs(words[0]!.startSample)).toBeCloseTo(500, -2);
    expect(toMs(words[0]!.endSample)).toBeCloseTo(900, -2);
    expect(toMs(words[1]!.endSample)).toBeCloseTo(1600, -2);
    expect(toMs(words[0]!.samples.length)).toBeGreaterThan(400 + 150);
  });

  it("gives a word within 250 ms of its end", () => {
    const before = wordsIn([noise(500, -70), noise(400, -20), noise(180, -70)]);
    const after = wordsIn([noise(500, -70), noise(400, -20), noise(250, -70)]);
    expect([before.length, after.length]).toEqual([0, 1]);
  });

  it("keeps a word with a short pause in it whole", () => {
    const words = wordsIn([
      noise(500, -70),
      noise(200, -20),
      noise(120, -70),
      noise(60, -30),
      noise(400, -70),
    ]);
    expect(words).toHaveLength(1);
    expect(toMs(words[0]!.endSample)).toBeCloseTo(880, -2);
  });

  it("passes over clicks", () => {
    expect(wordsIn([noise(500, -70), noise(40, -20), noise(500, -70)])).toEqual([]);
  });

  it("hears words over a fan that was there from the start", () => {
    const words = wordsIn([noise(4000, -38), noise(400, -15), noise(500, -38)]);
    const last = words.at(-1)!;
    expect(toMs(last.startSample)).toBeCloseTo(4000, -2);
    expect(toMs(last.endSample)).toBeCloseTo(4400, -2);
  });

  it("hears nothing in silence, and ends what does not stop by itself", () => {
    expect(wordsIn([new Array<number>(40_000).fill(0)])).toEqual([]);
    const words = wordsIn([noise(500, -70), noise(5000, -20)]);
    expect(words.length).toBeGreaterThanOrEqual(1);
    for (const { samples } of words) expect(toMs(samples.length)).toBeLessThan(2000);
  });

  it("gives the same words whatever the size of the chunks", () => {
    const parts = [noise(500, -70), noise(400, -20), noise(400, -70)];
    expect(wordsIn(parts, 37)).toEqual(wordsIn(parts, 4000));
  });
});
