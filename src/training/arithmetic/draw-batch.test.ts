import { describe, expect, test } from "vitest";
import { asClips } from "../../../test/support/made-up-clips.ts";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { type BatchSource, createBatchSource } from "./batch-source.ts";
import { allocateBatch, batchIndices, drawBatch, type TrainingBatch } from "./draw-batch.ts";

const clips = Array.from({ length: 23 }, (_, n) =>
  Float32Array.from({ length: 1500 + 100 * n }, (_, i) => Math.sin((0.1 + 0.05 * n) * i)),
);
const labels = clips.map((_, n) => n % 10);
const SHAPE = { nMels: 8, nFrames: 10 };
const SIZES = { ...SHAPE, batchSize: 12 };

function makeSource(
  changes: Partial<AugmentationSettings> = {},
  seed = 5,
  base = DEFAULT_AUGMENTATION,
): BatchSource {
  return createBatchSource({
    data: { digits: asClips(clips, labels) },
    seed,
    settings: { ...base, roomCount: 3, ...changes },
  });
}

const row = (values: Float32Array, i: number, width: number) => values.slice(i * width, (i + 1) * width);

function concatenated(parts: TrainingBatch[]): TrainingBatch {
  const names = Object.keys(parts[0]!) as (keyof TrainingBatch)[];
  const joined = names.map((name) => {
    const arrays = parts.map((part) => part[name]);
    return [name, arrays.flatMap((array) => [...array])];
  });
  return Object.fromEntries(joined);
}

describe("reproducibility", () => {
  test("the same seed and step give the same bits, in any order of drawing", () => {
    const [first, second] = [makeSource(), makeSource()];
    const batches = [0, 1, 2].map((step) => drawBatch(first, { ...SIZES, step }));
    for (const step of [2, 0, 1]) expect(drawBatch(second, { ...SIZES, step })).toEqual(batches[step]);
  });

  test("another seed or step gives another batch", () => {
    const batch = drawBatch(makeSource(), { ...SIZES, step: 0 });
    expect(drawBatch(makeSource(), { ...SIZES, step: 1 }).samples).not.toEqual(batch.samples);
    expect(drawBatch(makeSource({}, 6), { ...SIZES, step: 0 }).samples).not.toEqual(batch.samples);
  });

  test.each([
    [4, [0, 4, 8, 12]],
    [4, [0, 8, 12]],
    [5, [0, 10, 12]],
  ])("in groups of %i the parts %o are the whole batch", (groupSize, cuts) => {
    const request = { ...SIZES, groupSize, step: 3 };
    const whole = drawBatch(makeSource({ mixupProbability: 1 }), request);
    const parts = cuts
      .slice(1)
      .map((to, i) => drawBatch(makeSource({ mixupProbability: 1 }), { ...request, from: cuts[i]!, to }));
    expect(concatenated(parts)).toEqual(concatenated([whole]));
  });

  test("a batch drawn into another leaves nothing of it", () => {
    const into = allocateBatch({ count: 12, ...SHAPE });
    for (const values of Object.values(into)) values.fill(77);
    const drawn = drawBatch(makeSource(), { ...SIZES, step: 4, into });
    expect(drawn).toBe(into);
    expect(drawn).toEqual(drawBatch(makeSource(), { ...SIZES, step: 4 }));
  });
});

describe("what is drawn", () => {
  test("without augmentation, the clips of the epoch in the middle of their windows, and their classes", () => {
    const batch = drawBatch(makeSource({}, 5, NO_AUGMENTATION), { ...SIZES, step: 1 });
    const indices = batchIndices({ seed: 5, step: 1, batchSize: 12, count: 23 });
    indices.forEach((clip, i) => {
      const start = Math.floor((8192 - clips[clip]!.length) / 2);
      const window = row(batch.samples, i, 8192);
      expect(window.findIndex((x) => x !== 0)).toBe(start + 1);
      expect(window[start + 10]).toBeCloseTo(clips[clip]![10]!, 3);
      expect(batch.labels[i]).toBe(labels[clip]);
      expect(row(batch.targets, i, 11).indexOf(1)).toBe(labels[clip]);
    });
    expect(batch.masks.every((x) => x === 1)).toBe(true);
    expect([...batch.permutation]).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(batch.mixWeights.every((x) => x === 1)).toBe(true);
    expect(batch.warpIndex.every((x) => x === 0)).toBe(true);
  });

  test("everything is within its range", () => {
    const source = makeSource();
    for (let step = 0; step < 10; step++) {
      const batch = drawBatch(source, { ...SIZES, step });
      expect(batch.samples.every((x) => Math.abs(x) <= 1)).toBe(true);
      expect(batch.masks.every((x) => x === 0 || x === 1)).toBe(true);
      expect(batch.mixWeights.every((x) => x >= 0 && x <= 1)).toBe(true);
      for (let i = 0; i < 12; i++)
        expect(row(batch.targets, i, 11).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 5);
    }
  });

  test("warps are drawn from all there are", () => {
    const source = makeSource({ warpCount: 5 }, 5, NO_AUGMENTATION);
    const drawn = [0, 1, 2, 3, 4, 5].flatMap((step) => [...drawBatch(source, { ...SIZES, step }).warpIndex]);
    expect(new Set(drawn)).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  test("a share of the digits becomes none", () => {
    const count = (noneShare: number) => {
      const source = makeSource({ noneShare });
      return Array.from({ length: 25 }, (_, step) => drawBatch(source, { ...SIZES, step }))
        .flatMap((batch) => [...batch.labels])
        .filter((label) => label === 10).length;
    };
    expect(count(0)).toBe(0);
    expect(count(1)).toBe(300);
    expect(Math.abs(count(0.3) - 90)).toBeLessThan(35);
  });

  test("clips of none are not made into anything else", () => {
    const settings = { ...NO_AUGMENTATION, noneShare: 1 };
    const source = createBatchSource({ data: { digits: asClips([clips[0]!]) }, seed: 1, settings });
    const batch = drawBatch(source, { ...SHAPE, batchSize: 1, step: 0 });
    expect(batch.labels[0]).toBe(10);
    expect(row(batch.samples, 0, 8192).findIndex((x) => x !== 0)).toBe(3347);
  });
});

describe("mixup", () => {
  test("partners stay within the group and are counted from its beginning", () => {
    const source = makeSource({ mixupProbability: 1 });
    const { permutation } = drawBatch(source, { ...SIZES, groupSize: 4, step: 0 });
    for (const first of [0, 4, 8])
      expect([...permutation.subarray(first, first + 4)].sort()).toEqual([0, 1, 2, 3]);
  });

  test("a share of the batches is mixed, all groups of a batch alike", () => {
    const source = makeSource({ mixupProbability: 0.4 });
    const mixed = Array.from({ length: 60 }, (_, step) => {
      const { mixWeights } = drawBatch(source, { ...SHAPE, batchSize: 4, groupSize: 2, step });
      const groups = [0, 2].map((first) => mixWeights.subarray(first, first + 2).some((x) => x < 1));
      expect(groups[0]).toBe(groups[1]);
      return groups[0];
    }).filter(Boolean).length;
    expect(Math.abs(mixed - 24)).toBeLessThan(13);
  });

  test("targets are those of both, smoothed", () => {
    const source = makeSource({ mixupProbability: 1, labelSmoothing: 0.22 });
    const batch = drawBatch(source, { ...SIZES, step: 0 });
    for (let i = 0; i < 12; i++) {
      const [own, other] = [batch.labels[i]!, batch.labels[batch.permutation[i]!]!];
      if (own === other) continue;
      expect(batch.targets[11 * i + own]).toBeCloseTo(0.02 + 0.78 * batch.mixWeights[i]!, 5);
      expect(batch.targets[11 * i + other]).toBeCloseTo(0.02 + 0.78 * (1 - batch.mixWeights[i]!), 5);
    }
  });

  test("alpha decides how even the blends are", () => {
    const evenness = (mixupAlpha: number) => {
      const source = makeSource({ mixupProbability: 1, mixupAlpha });
      const weights = Array.from({ length: 10 }, (_, step) => drawBatch(source, { ...SIZES, step })).flatMap(
        (batch) => [...batch.mixWeights],
      );
      return weights.reduce((sum, w) => sum + Math.min(w, 1 - w), 0) / weights.length;
    };
    expect(evenness(0.05)).toBeLessThan(0.07);
    expect(evenness(2)).toBeGreaterThan(0.25);
  });
});
