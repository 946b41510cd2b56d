import { expect, test } from "vitest";
import { batchIndices } from "./draw-batch.ts";

const sequence = (options: { seed: number; batchSize: number; count: number }, steps: number) =>
  Array.from({ length: steps }, (_, step) => [...batchIndices({ ...options, step })]).flat();

test("each epoch visits each item once, also where batches span epochs", () => {
  const items = sequence({ seed: 1, batchSize: 7, count: 10 }, 10);
  for (let epoch = 0; epoch < 7; epoch++) {
    const visited = items.slice(10 * epoch, 10 * epoch + 10).sort((a, b) => a - b);
    expect(visited).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

test("the order differs from epoch to epoch and from seed to seed", () => {
  const epochs = sequence({ seed: 1, batchSize: 50, count: 50 }, 2);
  expect(epochs.slice(0, 50)).not.toEqual(epochs.slice(50));
  expect(sequence({ seed: 2, batchSize: 50, count: 50 }, 1)).not.toEqual(epochs.slice(0, 50));
});

test("a batch larger than the data holds whole epochs", () => {
  const counts = new Map<number, number>();
  for (const item of batchIndices({ seed: 3, step: 4, batchSize: 9, count: 3 }))
    counts.set(item, (counts.get(item) ?? 0) + 1);
  expect([...counts.values()]).toEqual([3, 3, 3]);
});

test("places are taken by all items alike", () => {
  const sums = new Float64Array(5);
  for (let seed = 0; seed < 2000; seed++)
    sums[batchIndices({ seed, step: 0, batchSize: 1, count: 5 })[0]!]! += 1;
  for (const sum of sums) expect(Math.abs(sum - 400)).toBeLessThan(80);
});
