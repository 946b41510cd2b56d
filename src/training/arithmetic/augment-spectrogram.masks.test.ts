import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { drawMaskInto } from "./augment-spectrogram.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

function draw(
  changes: Partial<AugmentationSettings>,
  { nMels = 40, nFrames = 64, seed = 1 } = {},
): number[][] {
  const mask = new Float32Array(nMels * nFrames).fill(Number.NaN);
  const settings = { ...DEFAULT_AUGMENTATION, ...changes };
  drawMaskInto(mask, { nMels, nFrames, settings, random: createRandom(seed) });
  return Array.from({ length: nMels }, (_, row) => [...mask.subarray(row * nFrames, (row + 1) * nFrames)]);
}

const blankRows = (mask: number[][]) => mask.filter((row) => row.every((x) => x === 0)).length;
const blankColumns = (mask: number[][]) =>
  mask[0]!.filter((_, t) => mask.every((row) => row[t] === 0)).length;

test("blanks whole bands and whole stretches, and no more than stated", () => {
  const masks = Array.from({ length: 300 }, (_, seed) => draw({}, { seed }));
  for (const mask of masks) {
    const [rows, columns] = [blankRows(mask), blankColumns(mask)];
    expect(rows).toBeLessThanOrEqual(12);
    expect(columns).toBeLessThanOrEqual(20);
    const blank = mask.flat().filter((x) => x === 0).length;
    expect(blank).toBe(rows * 64 + columns * 40 - rows * columns);
    expect(mask.flat().every((x) => x === 0 || x === 1)).toBe(true);
  }
  expect(Math.max(...masks.map(blankRows))).toBeGreaterThan(9);
  expect(Math.max(...masks.map(blankColumns))).toBeGreaterThan(16);
});

test("one mask of each kind reaches its widest and its narrowest", () => {
  const once = { bandMasks: 1, stretchMasks: 1 };
  const masks = Array.from({ length: 300 }, (_, seed) => draw(once, { seed }));
  expect(new Set(masks.map(blankRows))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  expect(Math.max(...masks.map(blankColumns))).toBe(10);
});

test("number and width are settings, as shares of any size", () => {
  for (let seed = 0; seed < 50; seed++) {
    const rows = draw(
      { bandMasks: 3, bandMaskShare: 0.05, stretchMasks: 0 },
      { nMels: 128, nFrames: 128, seed },
    );
    expect(blankRows(rows)).toBeLessThanOrEqual(18);
    expect(blankColumns(rows)).toBe(0);
    const columns = draw({ bandMasks: 0, stretchMasks: 1, stretchMaskShare: 0.5 }, { seed });
    expect(blankRows(columns)).toBe(0);
    expect(blankColumns(columns)).toBeLessThanOrEqual(32);
  }
});

test("no masks, no blanks", () => {
  expect(
    draw({ bandMasks: 0, stretchMasks: 0 })
      .flat()
      .every((x) => x === 1),
  ).toBe(true);
});
