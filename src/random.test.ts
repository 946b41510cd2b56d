import { describe, expect, it } from "vitest";
import { chooseWeighted, createRandom, drawLogUniform } from "./random.ts";

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

describe("chooseWeighted", () => {
  it("names come in proportion to their weights, and never at weight 0", () => {
    const random = createRandom(1);
    const counts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 4000; i++) counts[chooseWeighted({ a: 1, b: 3, c: 0 }, random)] += 1;
    expect(counts.c).toBe(0);
    expect(Math.abs(counts.a - 1000)).toBeLessThan(120);
  });

  it("the last draw there is falls on the last name with a weight", () => {
    const almostOne = { ...createRandom(1), next: () => 1 };
    expect(chooseWeighted({ a: 1, b: 1, c: 0 }, almostOne)).toBe("b");
  });
});

describe("drawLogUniform", () => {
  it("stays within the range, and half of the draws are below its geometric mean", () => {
    const random = createRandom(9);
    const drawn = Array.from({ length: 4000 }, () => drawLogUniform([1, 100], random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...drawn)).toBeLessThan(100);
    expect(Math.abs(drawn.filter((value) => value < 10).length - 2000)).toBeLessThan(160);
  });
});

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
