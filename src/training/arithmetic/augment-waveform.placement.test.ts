import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { chooseStretch, drawStart } from "./augment-waveform.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

const starts = (length: number, centred: boolean, changes: Partial<AugmentationSettings> = {}) =>
  Array.from({ length: 2000 }, (_, seed) =>
    drawStart(length, {
      centred,
      settings: { ...DEFAULT_AUGMENTATION, ...changes },
      random: createRandom(seed),
    }),
  );

/** A long clip whose samples tell where they come from, loudest in the window that begins at sample 6400. */
const long = Float32Array.from({ length: 20_000 }, (_, i) =>
  i >= 6400 && i < 14_592 ? 100_000 + i : i / 1e6,
);

test("a centred word is in the middle", () => {
  expect(new Set(starts(3001, true))).toEqual(new Set([2595]));
});

test("a free word lies anywhere, with up to 8 % of it outside at either end", () => {
  const drawn = starts(4000, false);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-320);
  expect(Math.min(...drawn)).toBeLessThan(-250);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(8192 - 4000 + 320);
  expect(Math.max(...drawn)).toBeGreaterThan(8192 - 4000 + 250);
});

test("how much may be cut is a setting", () => {
  expect(Math.min(...starts(4000, false, { cutShare: 0 }))).toBeGreaterThanOrEqual(0);
  expect(Math.min(...starts(4000, false, { cutShare: 0.5 }))).toBeLessThan(-1500);
});

test("a word that fills the window begins with it", () => {
  expect(new Set(starts(8192, false))).toEqual(new Set([0]));
});

test("a short clip is taken whole, by itself", () => {
  const word = new Float32Array(8000);
  const options = { factor: 1, centred: false, settings: DEFAULT_AUGMENTATION, random: createRandom(1) };
  expect(chooseStretch(word, options)).toBe(word);
});

test("of a long clip the loudest window is taken, as in serving", () => {
  const options = { factor: 1, centred: true, settings: DEFAULT_AUGMENTATION, random: createRandom(1) };
  const stretch = chooseStretch(long, options);
  expect(stretch.length).toBe(8192);
  expect(stretch[0]).toBe(106_400);
});

test("of a clip that is loudest at its end, the end", () => {
  // 8,000 samples are 62.5 blocks: the loudest window reaches into half a block.
  const buffer = new SharedArrayBuffer(4 * 12_000);
  const late = new Float32Array(buffer, 4 * 4000, 8000).fill(0.01).fill(1, 6000);
  for (let seed = 0; seed < 20; seed++) {
    const settings = { ...DEFAULT_AUGMENTATION, jitterShare: 0 };
    const options = { factor: 0.8, centred: false, settings, random: createRandom(seed) };
    expect(chooseStretch(late, options).filter((value) => value === 1).length).toBe(2000);
  }
  const centred = chooseStretch(late, {
    factor: 0.8,
    centred: true,
    settings: DEFAULT_AUGMENTATION,
    random: createRandom(1),
  });
  expect(centred.filter((value) => value === 1).length).toBe(2000);
});

test("or a window up to the jitter before or after it", () => {
  const firsts = (jitterShare: number) =>
    Array.from({ length: 300 }, (_, seed) => {
      const settings = { ...DEFAULT_AUGMENTATION, jitterShare };
      const stretch = chooseStretch(long, {
        factor: 1,
        centred: false,
        settings,
        random: createRandom(seed),
      });
      return stretch.byteOffset / 4;
    });
  for (const share of [0.15, 0.4]) {
    expect(Math.min(...firsts(share))).toBeGreaterThanOrEqual(6400 - share * 8192 - 1);
    expect(Math.min(...firsts(share))).toBeLessThan(6400 - 0.8 * share * 8192);
    expect(Math.max(...firsts(share))).toBeGreaterThan(6400 + 0.8 * share * 8192);
  }
  expect(new Set(firsts(0))).toEqual(new Set([6400]));
});

test("at a higher speed more of the clip is taken", () => {
  const options = { factor: 1.25, centred: true, settings: DEFAULT_AUGMENTATION, random: createRandom(1) };
  expect(chooseStretch(long, options).length).toBe(10_240);
});
