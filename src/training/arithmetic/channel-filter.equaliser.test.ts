import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { drawEqualiserInto, EQUALISER_POINTS } from "./channel-filter.ts";

const STEP_HZ = 31.25;

function drawDb(settings: Partial<AugmentationSettings>, seed: number): number[] {
  const gains = new Float32Array(EQUALISER_POINTS);
  drawEqualiserInto(gains, {
    settings: { ...DEFAULT_AUGMENTATION, ...settings },
    random: createRandom(seed),
  });
  return Array.from(gains, (gain) => 20 * Math.log10(gain));
}

const WIDE = { lowEdgeHz: [0, 0], highEdgeHz: [8000, 8000] } as const;

test("the curve stays within the gain, reaches far into it and differs from draw to draw", () => {
  const drawn = Array.from({ length: 200 }, (_, seed) => drawDb(WIDE, seed)).flat();
  expect(Math.max(...drawn)).toBeLessThanOrEqual(8 + 1e-5);
  expect(Math.max(...drawn)).toBeGreaterThan(7.5);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-8 - 1e-4);
  expect(Math.min(...drawn)).toBeLessThan(-7.5);
});

test("the gain is a setting, and 0 dB is flat", () => {
  const drawn = Array.from({ length: 100 }, (_, seed) =>
    drawDb({ ...WIDE, equaliserGainDb: 2 }, seed),
  ).flat();
  expect(Math.max(...drawn.map(Math.abs))).toBeLessThan(2.001);
  for (const db of drawDb({ ...WIDE, equaliserGainDb: 0 }, 1)) expect(db).toBeCloseTo(0, 4);
});

test("the curve is smooth: neighbours in the speech range differ by little", () => {
  for (let seed = 0; seed < 50; seed++) {
    const db = drawDb(WIDE, seed);
    for (let i = 11; i < EQUALISER_POINTS; i++) expect(Math.abs(db[i]! - db[i - 1]!)).toBeLessThan(3.5);
  }
});

test("band edges halve the power where they are set, and cut beyond", () => {
  const db = drawDb({ equaliserGainDb: 0, lowEdgeHz: [250, 250], highEdgeHz: [3000, 3000] }, 1);
  const at = (hz: number) => db[hz / STEP_HZ]!;
  expect(at(250)).toBeCloseTo(-3.01, 2);
  expect(at(3000)).toBeCloseTo(-3.01, 2);
  expect(at(1000)).toBeCloseTo(0, 3);
  expect(at(125)).toBeCloseTo(-24.1, 1);
  expect(at(4000)).toBeLessThan(-24);
});
