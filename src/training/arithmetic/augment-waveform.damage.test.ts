import { expect, test } from "vitest";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { peakOf } from "../../audio/level.ts";
import { createRandom } from "../../random.ts";
import { damageInPlace, softClipInPlace } from "./augment-waveform.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

const tone = () => Float32Array.from({ length: 800 }, (_, i) => 3 * Math.sin(0.1 * i));

function damaged(settings: Partial<AugmentationSettings>, samples = tone(), seed = 1): Float32Array {
  damageInPlace(samples, { settings: { ...NO_AUGMENTATION, ...settings }, random: createRandom(seed) });
  return samples;
}

test("soft clipping leaves small samples and bounds large ones", () => {
  const samples = Float32Array.of(0.001, -0.001, 1, 1e6, -1e6);
  softClipInPlace(samples, 1);
  expect(samples[0]).toBeCloseTo(0.001, 8);
  expect(samples[2]).toBeCloseTo(Math.SQRT1_2, 6);
  expect(samples[3]).toBeCloseTo(1, 6);
  expect(samples[4]).toBeCloseTo(-1, 6);
});

test("the peak is where it is set, clipped or not", () => {
  for (const clippingProbability of [0, 1])
    expect(peakOf(damaged({ peakDb: [-20, -20], clippingProbability }))).toBeCloseTo(0.1, 4);
});

test("peaks are spread over the range", () => {
  const peaks = Array.from({ length: 200 }, (_, seed) =>
    Math.log10(peakOf(damaged({ peakDb: [-40, -1] }, tone(), seed))),
  );
  expect(Math.min(...peaks)).toBeGreaterThanOrEqual(-2.0001);
  expect(Math.min(...peaks)).toBeLessThan(-1.8);
  expect(Math.max(...peaks)).toBeLessThanOrEqual(-0.0499);
});

test("driven further, clipping makes a tone squarer", () => {
  const rms = (driveDb: number) => {
    const samples = damaged({ clippingProbability: 1, clippingDriveDb: [driveDb, driveDb] });
    return Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  };
  expect(rms(-40)).toBeCloseTo(Math.SQRT1_2, 2);
  expect(rms(20)).toBeGreaterThan(0.9);
});

test("the telephone comes by its probability", () => {
  expect(new Set(damaged({ muLawProbability: 1 })).size).toBeLessThan(256);
  expect(new Set(damaged({ muLawProbability: 0 })).size).toBeGreaterThan(256);
});

test("silence stays silence", () => {
  const silence = damaged({ clippingProbability: 1, muLawProbability: 1 }, new Float32Array(100));
  expect(silence.every((x) => x === 0)).toBe(true);
});
