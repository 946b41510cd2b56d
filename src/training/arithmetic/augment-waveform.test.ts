import { expect, test } from "vitest";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { padToLength } from "../../../test/support/pad-to-length.ts";
import { activePower } from "../../audio/level.ts";
import { loudestWindow } from "../../audio/loudest-window.ts";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { addAtSnrInPlace, createWaveformAugmenter } from "./augment-waveform.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createNoisePool } from "./noise-pool.ts";
import { createRooms } from "./room-responses.ts";

function makeAugmenter(settings: AugmentationSettings) {
  const noise = createNoisePool({ seed: 1, clips: [tone(300)], recordings: [tone(50)], settings });
  return createWaveformAugmenter({ settings, noise, rooms: createRooms({ seed: 1, settings }) });
}

const SOME_ROOMS: AugmentationSettings = { ...DEFAULT_AUGMENTATION, roomCount: 4 };
const everything = makeAugmenter(SOME_ROOMS);

function augmented(word: Float32Array, changes: Partial<AugmentationSettings>, seed = 1): Float32Array {
  const out = new Float32Array(8192).fill(Number.NaN);
  makeAugmenter({ ...NO_AUGMENTATION, roomCount: 1, ...changes }).augmentInto(word, {
    random: createRandom(seed),
    out,
  });
  return out;
}

function tone(hz: number, length = 3400): Float32Array {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * (i + 0.5)) / 8000));
}

const normalised = (samples: Float32Array) => {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return samples.map((x) => x / peak);
};

test("without augmentation an example is what serving makes of the clip, at full scale", () => {
  const long = Float32Array.from(
    { length: 12_000 },
    (_, i) => Math.sin(i) * Math.exp(-(((i - 7000) / 3000) ** 2)),
  );
  for (const clip of [tone(440), tone(440, 8192), long]) {
    const window = normalised(padToLength(loudestWindow(clip, { length: 8192 }), 8192));
    const difference = augmented(clip, {}).map((x, i) => Math.abs(x - window[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-5);
  }
});

test.each([-3, 10, 35])("the measured ratio of word to noise is the one asked for: %i dB", (snrDb) => {
  const word = padToLength(tone(440), 8192);
  const noisy = word.slice();
  const noise = Float32Array.from({ length: 8192 }, (_, i) => createRandom(i).normal());
  addAtSnrInPlace(noisy, noise, snrDb);
  const added = noisy.map((x, i) => x - word[i]!);
  const power = added.reduce((sum, x) => sum + x * x, 0) / 8192;
  expect(10 * Math.log10(activePower(word) / power)).toBeCloseTo(snrDb, 2);
});

test("silence gets no noise, and silent noise changes nothing", () => {
  const silence = new Float32Array(8192);
  addAtSnrInPlace(silence, tone(100, 8192), 10);
  expect(silence.every((x) => x === 0)).toBe(true);
  const word = tone(440, 8192);
  addAtSnrInPlace(word, new Float32Array(8192), 10);
  expect(word).toEqual(tone(440, 8192));
});

test("noise is at the ratio that is set, in the whole window unless the recording ends", () => {
  const noisy = {
    noiseProbability: 1,
    snrDb: [20, 20],
    noiseWeights: { coloured: 1, babble: 0, recorded: 0, music: 0 },
  } as const;
  const outside = (changes: Partial<AugmentationSettings>) => {
    const example = augmented(tone(440), { ...noisy, ...changes });
    return activePower(example.subarray(0, 2000)) / activePower(tone(440));
  };
  const scale = (1 / 0.5) ** 2;
  expect(10 * Math.log10(outside({ noiseSpanShare: 0 }) / scale)).toBeGreaterThan(-24);
  expect(10 * Math.log10(outside({ noiseSpanShare: 0 }) / scale)).toBeLessThan(-18);
});

test("where the recording ends, serving's zeros begin, on both sides alike when centred", () => {
  for (let seed = 0; seed < 10; seed++) {
    const noisy = { noiseProbability: 1, noiseSpanShare: 1, snrDb: [0, 0] } as const;
    const example = augmented(
      tone(440),
      { ...noisy, noiseWeights: { coloured: 1, babble: 0, recorded: 0, music: 0 } },
      seed,
    );
    const first = example.findIndex((x) => x !== 0);
    const last = example.findLastIndex((x) => x !== 0);
    expect(first).toBeGreaterThan(8192 / 2 - 1700 - 2001);
    expect(first).toBeLessThanOrEqual(8192 / 2 - 1700);
    expect(last).toBe(8191 - first);
  }
});

test("noise comes by its probability", () => {
  const noisy = Array.from({ length: 60 }, (_, seed) =>
    augmented(tone(440), { noiseProbability: 0.5, noiseSpanShare: 0 }, seed),
  ).filter(([first]) => first !== 0).length;
  expect(Math.abs(noisy - 30)).toBeLessThan(16);
});

test("speed is drawn from its range, evenly in the logarithm", () => {
  const lengths = Array.from({ length: 200 }, (_, seed) => {
    const example = augmented(tone(440, 2000), { speed: [0.5, 2] }, seed);
    return example.filter((x) => x !== 0).length;
  });
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(990);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(4000);
  const slower = lengths.filter((length) => length > 2000).length;
  expect(Math.abs(slower - 100)).toBeLessThan(30);
});

test("a share of the examples is centred", () => {
  const centred = (centredShare: number) =>
    Array.from({ length: 100 }, (_, seed) => augmented(tone(440), { centredShare }, seed)).filter(
      (example) => example.findIndex((x) => x !== 0) === 2396,
    ).length;
  expect(centred(0)).toBeLessThan(3);
  expect(Math.abs(centred(0.4) - 40)).toBeLessThan(18);
});

test("the same stream gives the same bits, whatever was drawn before", () => {
  for (let seed = 0; seed < 20; seed++) {
    const [first, second] = [new Float32Array(8192), new Float32Array(8192)];
    everything.augmentInto(tone(440), { random: createRandom(seed), out: first });
    everything.augmentInto(tone(90, 20_000), { random: createRandom(99), out: second });
    makeAugmenter(SOME_ROOMS).augmentInto(tone(440), { random: createRandom(seed), out: second });
    expect(second).toEqual(first);
  }
});

test.each([
  ["silence", new Float32Array(3000)],
  ["one sample", Float32Array.of(0.3)],
  ["one silent sample", Float32Array.of(0)],
  ["a clipped clip", tone(200, 5000).map((x) => Math.sign(x))],
  ["an enormous one", tone(200).map((x) => x * 1e9)],
  ["a tiny one", tone(200).map((x) => x * 1e-30)],
  ["five seconds", tone(200, 40_000)],
  ["exactly a window", tone(200, 8192)],
])("%s stays finite and within full scale", (_, word) => {
  const out = new Float32Array(8192);
  for (let seed = 0; seed < 60; seed++) {
    everything.augmentInto(word, { random: createRandom(seed), out });
    expect(out.every((x) => Math.abs(x) <= 1)).toBe(true);
  }
});
