import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

describe("createRandom", () => {
  it("repeats a stream from its key", () => {
    const first = createRandom(7, 1);
    const again = createRandom(7, 1);
    for (let i = 0; i < 100; i++) expect(again.next()).toBe(first.next());
  });

  it("gives unrelated streams for neighbouring keys, in any place of the key", () => {
    const heads = [[0], [1], [0, 0], [0, 1], [1, 0], [0, 0, 1]].map((key) => createRandom(...key).next());
    expect(new Set(heads).size).toBe(heads.length);
  });

  it("draws uniform and normal numbers with the right moments", () => {
    const random = createRandom(3);
    const uniform = Array.from({ length: 20_000 }, () => random.uniform(2, 4));
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(uniform)).toBeCloseTo(3, 1);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...uniform)).toBeLessThan(4);
  });

  it("shuffles a copy that holds the same items", () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = createRandom(5).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
