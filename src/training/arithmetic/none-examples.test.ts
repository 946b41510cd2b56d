import { expect, test } from "vitest";
import { createRandom } from "../../random.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createNoisePool } from "./noise-pool.ts";
import { createNoneExamples } from "./none-examples.ts";
import { backwards } from "./word-parts.ts";

const NEVER = {
  backwards: 0,
  half: 0,
  joined: 0,
  noise: 0,
  nearSilence: 0,
  otherWord: 0,
  voice: 0,
  piece: 0,
  madeUpWord: 0,
  patched: 0,
};
const clips = [1000, 1500, 2000].map((length, digit) =>
  Float32Array.from({ length }, (_, i) => Math.sin((0.2 + 0.3 * digit) * i)),
);
const otherWords: Float32Array[] = [new Float32Array(10), new Float32Array(20)];

function draw(
  weights: Partial<AugmentationSettings["noneWeights"]>,
  options: {
    labels?: number[];
    speakers?: number[];
    otherWords?: Float32Array[];
    voices?: Float32Array[];
    drawPiece?: () => Float32Array;
    count?: number;
    halfShare?: [number, number];
    backwardsShare?: number;
  } = {},
): Float32Array[] {
  const settings: AugmentationSettings = {
    ...DEFAULT_AUGMENTATION,
    noneWeights: { ...NEVER, ...weights },
    halfShare: options.halfShare ?? [0.4, 0.4],
    backwardsShare: options.backwardsShare ?? 0.3,
  };
  const none = createNoneExamples({
    clips,
    labels: options.labels ?? [0, 1, 2],
    speakers: options.speakers,
    otherWords: options.otherWords ?? [],
    voices: options.voices ?? [],
    drawPiece: options.drawPiece,
    noise: createNoisePool({ seed: 1, clips, recordings: [], settings }),
    settings,
  });
  return Array.from({ length: options.count ?? 30 }, (_, seed) => none.draw(0, createRandom(seed)));
}

test("a digit played backwards", () => {
  for (const example of draw({ backwards: 1 })) expect(example).toEqual(backwards(clips[0]!));
});

test("the first or the last part of a digit, as long as set", () => {
  const examples = draw({ half: 1 });
  expect(new Set(examples.map(({ length }) => length))).toEqual(new Set([400]));
  expect(new Set(examples.map(([first]) => first === 0)).size).toBe(2);
  for (const { length } of draw({ half: 1 }, { halfShare: [0.1, 0.2] })) {
    expect(length).toBeGreaterThanOrEqual(100);
    expect(length).toBeLessThanOrEqual(200);
  }
});

test("halves of two different digits", () => {
  const lengths = new Set(draw({ joined: 1 }).map(({ length }) => length));
  expect(lengths).toEqual(new Set([400 + 600 - 32, 400 + 800 - 32]));
});

test("where there is but one digit, its halves change places", () => {
  for (const { length } of draw({ joined: 1 }, { labels: [4, 4, 4] })) expect(length).toBe(400 + 400 - 32);
});

test("noise enough for a window at any speed", () => {
  for (const example of draw({ noise: 1 })) {
    expect(example.length).toBeGreaterThan(2 * 8192);
    expect(example.some((x) => x !== 0)).toBe(true);
  }
});

test("near silence is silence, clicks or hum, and finite", () => {
  const examples = draw({ nearSilence: 1 }, { count: 60 });
  const share = (example: Float32Array) => example.filter((x) => x !== 0).length / example.length;
  expect(examples.some((example) => share(example) === 0)).toBe(true);
  expect(examples.some((example) => share(example) > 0 && share(example) < 0.2)).toBe(true);
  expect(examples.some((example) => share(example) > 0.9)).toBe(true);
  for (const example of examples) expect(example.every(Number.isFinite)).toBe(true);
});

test("real words come when there are any", () => {
  const examples = draw({ otherWord: 1 }, { otherWords });
  expect(new Set(examples)).toEqual(new Set(otherWords));
  for (const example of draw({ otherWord: 1 })) expect(example.length).toBeGreaterThan(8192);
});

test("stretches of voices come when there are any", () => {
  const voices = [new Float32Array(30), Float32Array.from({ length: 40_000 }, (_, i) => i + 1)];
  const examples = draw({ voice: 1 }, { voices });
  expect(new Set(examples.map(({ length }) => length))).toEqual(new Set([30, 1.5 * 8192]));
  for (const example of draw({ voice: 1, nearSilence: 1 })) expect(example.length).toBeGreaterThan(8192);
});

test("of a phrase longer than a window, any stretch", () => {
  const phrase = Float32Array.from({ length: 40_000 }, (_, i) => i);
  const starts = draw({ otherWord: 1 }, { otherWords: [phrase] }).map((stretch) => {
    expect(stretch.length).toBe(1.5 * 8192);
    return stretch[0]!;
  });
  expect(Math.min(...starts)).toBeLessThan(5000);
  expect(Math.max(...starts)).toBeGreaterThan(20_000);
});

test("made-up words are backwards, or parts of a word joined with parts of another or of a digit", () => {
  const word = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(0.7 * i));
  const examples = draw({ madeUpWord: 1 }, { otherWords: [word], count: 200 });
  const turned = examples.filter((example) => example.length === 3000);
  for (const example of turned) expect(example).toEqual(backwards(word));
  expect(turned.length).toBeGreaterThan(30);
  const lengths = new Set(examples.filter((example) => example.length !== 3000).map(({ length }) => length));
  expect(lengths).toEqual(new Set([1200 + 400 - 32, 1200 + 1200 - 32]));
});

test("how many made-up words are played backwards is set", () => {
  const word = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(0.7 * i));
  for (const backwardsShare of [0, 1]) {
    const examples = draw({ madeUpWord: 1 }, { otherWords: [word], backwardsShare });
    expect(examples.every(({ length }) => (length === 3000) === (backwardsShare === 1))).toBe(true);
  }
});

test("patched speech is made of pieces by one speaker alone", () => {
  // Each clip is a tone of its own: the pitch of a piece tells whose it is.
  const voicesIn = (example: Float32Array) => {
    const crossings = example.filter((x, i) => i > 0 && x >= 0 !== example[i - 1]! >= 0).length;
    return (Math.PI * crossings) / example.length;
  };
  for (const example of draw({ patched: 1 }, { speakers: [1, 2, 3] })) {
    expect(voicesIn(example)).toBeCloseTo(0.2, 1);
    expect(example.every(Number.isFinite)).toBe(true);
  }
  const mixed = draw({ patched: 1 }, { speakers: [1, 1, 1] }).map(voicesIn);
  expect(Math.max(...mixed)).toBeGreaterThan(0.35);
});

test("kinds come in proportion to their weights", () => {
  const examples = draw({ otherWord: 3, backwards: 1 }, { otherWords, count: 400 });
  const words = examples.filter((example) => otherWords.includes(example)).length;
  expect(Math.abs(words - 300)).toBeLessThan(35);
});

test("pieces of fluent speech, where there is any", () => {
  const piece = new Float32Array(30);
  for (const example of draw({ piece: 1 }, { drawPiece: () => piece })) expect(example).toBe(piece);
  for (const example of draw({ piece: 1, backwards: 1 })) expect(example).toEqual(backwards(clips[0]!));
});
