import { describe, expect, it } from "vitest";
import { RecentSound } from "./recent-sound.ts";

/** Keeps 10 samples of a stream that counts: sample n is n, and stands at n ms. */
function counting(chunks: readonly number[]): RecentSound {
  const recent = new RecentSound({ sampleRate: 1000, keepMs: 10 });
  let next = 0;
  for (const length of chunks) {
    recent.push(Float32Array.from({ length }, () => next++));
  }
  return recent;
}

const cut = (recent: RecentSound, startMs: number, endMs: number) => [...recent.cut({ startMs, endMs })];

describe("RecentSound", () => {
  it("gives back what was pushed, whatever the chunks", () => {
    for (const chunks of [[23], [1, 2, 3, 4, 5, 6, 2], [10, 10, 3], [9, 14]]) {
      const recent = counting(chunks);
      expect(recent.durationMs).toBe(23);
      expect(cut(recent, 15, 21)).toEqual([15, 16, 17, 18, 19, 20]);
    }
  });

  it("gives what is kept of a stretch that is partly gone, or not yet there", () => {
    const recent = counting([23]);
    expect(cut(recent, 5, 15)).toEqual([13, 14]);
    expect(cut(recent, 21, 40)).toEqual([21, 22]);
    expect(cut(counting([4]), -3, 2)).toEqual([0, 1]);
  });

  it("gives at least a sample", () => {
    expect(cut(counting([23]), 2, 3)).toEqual([13]);
    expect(cut(counting([23]), 30, 31)).toEqual([22]);
    expect(cut(counting([23]), 18, 18)).toEqual([18]);
    expect(cut(counting([]), 0, 5)).toEqual([]);
  });

  it("gives a copy that later sound leaves alone", () => {
    const recent = counting([10]);
    const piece = recent.cut({ startMs: 2, endMs: 4 });
    recent.push(new Float32Array(10));
    expect([...piece]).toEqual([2, 3]);
  });
});
