import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createNoisePool } from "./noise-pool.ts";

const ONLY = { coloured: 0, babble: 0, recorded: 0, music: 0 };
const recordings = [new Float32Array(50).fill(7), new Float32Array(9000).fill(9)];
const clips = [new Float32Array(3000).fill(0.001), new Float32Array(4000).fill(20)];

function draw(
  settings: Partial<AugmentationSettings>,
  material: { clips?: Float32Array[]; recordings?: Float32Array[] } = { clips, recordings },
  count = 40,
): Float32Array[] {
  const pool = createNoisePool({
    seed: 1,
    clips: material.clips ?? [],
    recordings: material.recordings ?? [],
    settings: { ...DEFAULT_AUGMENTATION, ...settings },
  });
  return Array.from({ length: count }, (_, i) => {
    const noise = new Float32Array(8192).fill(Number.NaN);
    pool.drawInto(noise, createRandom(i));
    return noise;
  });
}

const distinct = (noise: Float32Array) => new Set(noise).size;

test("recorded noise is a recording, repeated to fill the window", () => {
  const drawn = draw({ noiseWeights: { ...ONLY, recorded: 1 } });
  for (const noise of drawn) expect(distinct(noise)).toBe(1);
  expect(new Set(drawn.map(([first]) => first))).toEqual(new Set([7, 9]));
});

test("babble sums as many talkers as set, brought to one level", () => {
  for (const talkers of [1, 4]) {
    const drawn = draw({ noiseWeights: { ...ONLY, babble: 1 }, babbleTalkers: [talkers, talkers] });
    const loudest = Math.max(...drawn.map((noise) => noise.reduce((most, x) => Math.max(most, x), 0)));
    expect(loudest).toBeCloseTo(talkers, 4);
  }
});

test("silent clips are silent talkers", () => {
  const [noise] = draw({ noiseWeights: { ...ONLY, babble: 1 } }, { clips: [new Float32Array(100)] });
  expect(noise!.every((x) => x === 0)).toBe(true);
});

test("all kinds come, in proportion to their weights", () => {
  const drawn = draw({ noiseWeights: { ...ONLY, coloured: 2, recorded: 2 } }, undefined, 400);
  const coloured = drawn.filter((noise) => distinct(noise) > 1000).length;
  expect(Math.abs(coloured - 200)).toBeLessThan(50);
});

test("a draw may have weights of its own", () => {
  const settings = { ...DEFAULT_AUGMENTATION, noiseWeights: { ...ONLY, coloured: 1 } };
  const pool = createNoisePool({ seed: 1, clips: [], recordings: [new Float32Array(10).fill(7)], settings });
  const noise = new Float32Array(100);
  pool.drawInto(noise, createRandom(1), { weights: { ...ONLY, recorded: 1 } });
  expect(new Set(noise)).toEqual(new Set([7]));
});

test("music is made up, the same for the same seed", () => {
  const [first, second] = draw({ noiseWeights: { ...ONLY, music: 1 } }, {}, 2);
  expect(first!.every((x) => Math.abs(x) <= 0.5)).toBe(true);
  expect(distinct(first!)).toBeGreaterThan(1000);
  expect(second).not.toEqual(first);
  expect(draw({ noiseWeights: { ...ONLY, music: 1 } }, {}, 1)[0]).toEqual(first);
});

test("without material the noise is coloured", () => {
  for (const noise of draw({ noiseWeights: { ...ONLY, babble: 1, recorded: 1 } }, {}))
    expect(distinct(noise)).toBeGreaterThan(1000);
});

test("the tilt is a setting", () => {
  const roughness = (noise: Float32Array) => {
    let [steps, power] = [0, 0];
    for (let i = 1; i < noise.length; i++) {
      steps += (noise[i]! - noise[i - 1]!) ** 2;
      power += noise[i]! ** 2;
    }
    return steps / power;
  };
  const coloured = { noiseWeights: { ...ONLY, coloured: 1 } };
  for (const noise of draw({ ...coloured, noiseTilt: [0, 0] })) expect(roughness(noise)).toBeCloseTo(2, 0);
  for (const noise of draw({ ...coloured, noiseTilt: [2, 2] })) expect(roughness(noise)).toBeLessThan(0.3);
});
