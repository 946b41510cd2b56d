import { beforeAll, describe, expect, it } from "vitest";
import { asClips } from "../../../test/support/made-up-clips.ts";
import { madeUpWords } from "../../../test/support/made-up-words.ts";
import type { ClipsByRole } from "../../corpus/dataset.ts";
import { OH_WORD, STREAM_WINDOW } from "../../live/stream-net.ts";
import { createRandom } from "../../random.ts";
import type { StringDrawer } from "./draw-string.ts";
import { createStringDrawer } from "./draw-string.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { createStreamRecipe } from "./stream-recipe.ts";
import { isDigitState, type PlacedDigit, type StateStretch } from "./stream-targets.ts";
import { createStringSource } from "./string-source.ts";

const NO_WINDOWS = { string: 0, fluent: 0, sentence: 0, speech: 0, noise: 0 };
const WORDS = madeUpWords(3);
const DIGITS = WORDS.filter(({ digit }) => digit !== null);
const CLIPS: ClipsByRole = {
  digits: {
    samples: DIGITS.map(({ samples }) => samples),
    labels: DIGITS.map(({ digit }) => digit!),
    speakers: DIGITS.map(({ speaker }) => Number(speaker.slice(-1))),
  },
  negatives: asClips(WORDS.filter(({ digit }) => digit === null).map(({ samples }) => samples)),
};

const drawerFor = (strings: Partial<StreamRecipe["strings"]> = {}): StringDrawer => {
  const recipe = createStreamRecipe();
  return createStringDrawer(
    createStringSource({ ...recipe, strings: { ...recipe.strings, ...strings } }, CLIPS),
  );
};

const tone = (length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * 500 * i) / 8000));

/** Windows of what is no digit, of some kinds alone and without noise. */
function drawerOfOthers(
  weights: Partial<StreamRecipe["strings"]["otherWeights"]>,
  clips: ClipsByRole,
): StringDrawer {
  const { augmentation, strings, ...recipe } = createStreamRecipe();
  const windowWeights = { ...NO_WINDOWS, speech: 1 };
  const otherWeights = { real: 0, madeUp: 0, patched: 0, prompt: 0, voice: 0, piece: 0, ...weights };
  return createStringDrawer(
    createStringSource(
      {
        ...recipe,
        augmentation: { ...augmentation, noiseProbability: 0 },
        strings: { ...strings, windowWeights, otherWeights },
      },
      { ...CLIPS, ...clips },
    ),
  );
}

function draw(drawer: StringDrawer, index: number): { samples: Float32Array; digits: PlacedDigit[] } {
  const samples = new Float32Array(STREAM_WINDOW);
  const stretches = drawer.drawInto(createRandom(1, index), samples);
  return { digits: digitsOf(stretches), samples };
}

/** A digit from each three states. */
function digitsOf(stretches: readonly StateStretch[]): PlacedDigit[] {
  const ofDigits = stretches.filter(({ state }) => isDigitState(state));
  return ofDigits.flatMap(({ state, start }, i) =>
    state % 3 === 1 ? [{ digit: (state - 1) / 3, start, end: ofDigits[i + 2]!.end }] : [],
  );
}

/** Of the frequencies from 330 to 730 Hz, the one with the most power. */
function loudestHz(samples: Float32Array): number {
  const powerAt = (hz: number) => {
    let [re, im] = [0, 0];
    samples.forEach((value, i) => {
      re += value * Math.cos((2 * Math.PI * hz * i) / 8000);
      im += value * Math.sin((2 * Math.PI * hz * i) / 8000);
    });
    return re * re + im * im;
  };
  const candidates = Array.from({ length: 41 }, (_, i) => 330 + 10 * i);
  return candidates.reduce((best, hz) => (powerAt(hz) > powerAt(best) ? hz : best));
}

describe("createStringDrawer", () => {
  let drawer: StringDrawer;
  beforeAll(() => {
    drawer = drawerFor();
  });

  it("draws the same window for the same key, whatever was drawn before", () => {
    const first = draw(drawer, 5);
    draw(drawer, 6);
    expect(draw(drawerFor(), 5)).toEqual(first);
    expect(draw(drawer, 5)).toEqual(first);
    expect(draw(drawer, 6).samples).not.toEqual(first.samples);
  });

  it("draws finite windows within full scale, with digits in their order that reach into them", () => {
    for (let index = 0; index < 60; index++) {
      const { samples, digits } = draw(drawer, index);
      expect(samples.every((value) => Math.abs(value) <= 1)).toBe(true);
      digits.forEach(({ digit, start, end }, i) => {
        expect(digit).toBeGreaterThanOrEqual(0);
        expect(digit).toBeLessThanOrEqual(OH_WORD);
        expect(end).toBeGreaterThan(Math.max(start, 0));
        expect(start).toBeLessThan(STREAM_WINDOW);
        expect(start).toBeGreaterThan(digits[i - 1]?.start ?? -Infinity);
      });
    }
  });

  it("keeps gaps in their ranges, and lets digits overlap where they run together", () => {
    const loose = drawerFor({
      tightShare: 0,
      otherShare: 0,
      windowWeights: { ...NO_WINDOWS, string: 1 },
    });
    const tight = drawerFor({
      tightShare: 1,
      otherShare: 0,
      windowWeights: { ...NO_WINDOWS, string: 1 },
    });
    const gaps = (drawer: StringDrawer) =>
      Array.from({ length: 40 }, (_, index) => draw(drawer, index).digits).flatMap((digits) =>
        digits.slice(1).map(({ start }, i) => (start - digits[i]!.end) / 8),
      );
    expect(Math.min(...gaps(loose))).toBeGreaterThanOrEqual(59);
    expect(Math.max(...gaps(loose))).toBeLessThanOrEqual(901);
    // Where two overlap, they are parted in the middle of it.
    expect(Math.min(...gaps(tight))).toBeCloseTo(0, 6);
    expect(gaps(tight).filter((gap) => gap < 1e-6).length).toBeGreaterThan(10);
    expect(Math.max(...gaps(tight))).toBeLessThanOrEqual(101);
  });

  it("says oh as the end of zero does, in place of a share of the zeros, doubled ones too", () => {
    const words = (ohShare: number) => {
      const drawer = drawerFor({ ohShare, otherShare: 0, windowWeights: { ...NO_WINDOWS, string: 1 } });
      return Array.from({ length: 40 }, (_, index) => draw(drawer, index).digits).flat();
    };
    const [never, always] = [words(0), words(1)];
    expect(never.some(({ digit }) => digit === OH_WORD)).toBe(false);
    expect(always.some(({ digit }) => digit === 0)).toBe(false);
    const meanOf = (digits: PlacedDigit[], digit: number) => {
      const lengths = digits.filter((one) => one.digit === digit).map(({ start, end }) => end - start);
      return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    };
    expect(meanOf(always, OH_WORD) / meanOf(never, 0)).toBeGreaterThan(0.2);
    expect(meanOf(always, OH_WORD) / meanOf(never, 0)).toBeLessThan(0.5);
  });

  it("makes strings of digits cut out of fluent speech, oh and the letter o among them", () => {
    const { augmentation, strings, ...recipe } = createStreamRecipe();
    const said = ["two", "oh", "o", "two"].flatMap((word, i) => [
      { word, startMs: 400 * i, endMs: 400 * i + 300 },
      { word, startMs: 3000 + 400 * i, endMs: 3300 + 400 * i },
    ]);
    const fluent = {
      samples: [Float32Array.from({ length: 40_000 }, (_, i) => Math.sin(i / 3))],
      labels: [10],
      speakers: [7],
      said: [{ corpus: "an4", words: said }],
    };
    const onlyFluent = {
      ...strings,
      windowWeights: { ...NO_WINDOWS, string: 1 },
      otherShare: 0,
      fluentVoiceShare: 1,
    };
    const source = createStringSource({ ...recipe, augmentation, strings: onlyFluent }, { ...CLIPS, fluent });
    const digits = Array.from({ length: 10 }, (_, index) => draw(createStringDrawer(source), index)).flatMap(
      (window) => window.digits.map(({ digit }) => digit),
    );
    expect(new Set(digits)).toEqual(new Set([2, 10]));
  });

  it("draws no digits in windows of speech and of noise, and both have sound", () => {
    for (const windowWeights of [
      { ...NO_WINDOWS, speech: 1 },
      { ...NO_WINDOWS, noise: 1 },
    ]) {
      const { samples, digits } = draw(drawerFor({ windowWeights }), 3);
      expect(digits).toEqual([]);
      expect(samples.some((value) => value !== 0)).toBe(true);
    }
  });

  it("changes the voice of prompts: a tone in them is never heard at its own pitch", () => {
    const prompts = drawerOfOthers({ prompt: 1 }, { prompts: asClips([tone(12_000)]) });
    const pitches = Array.from({ length: 20 }, (_, index) => loudestHz(draw(prompts, index).samples));
    for (const hz of pitches) expect(hz < 450 || hz > 560, `${hz} Hz`).toBe(true);
    expect(Math.min(...pitches)).toBeLessThan(450);
    expect(Math.max(...pitches)).toBeGreaterThan(560);
  });

  it("says pieces of fluent speech among what is no digit", () => {
    const fluent = { ...asClips([tone(16_000)]), said: [{ corpus: "wuw2" }] };
    const pieces = drawerOfOthers({ piece: 1 }, { fluent });
    for (let index = 0; index < 10; index++) {
      const { samples, digits } = draw(pieces, index);
      expect(digits).toEqual([]);
      // Nothing else has sound.
      expect(samples.some((value) => value !== 0)).toBe(true);
    }
  });

  it("begins some windows with silence that ends before the first digit", () => {
    const starting = drawerFor({ streamStartShare: 1 });
    for (let index = 0; index < 20; index++) {
      const { samples, digits } = draw(starting, index);
      const firstSound = samples.findIndex((value) => value !== 0);
      expect(firstSound).toBeLessThan(Math.max(1, digits[0]?.start ?? STREAM_WINDOW / 2) + 8);
    }
  });

  it("refuses digits without their speakers", () => {
    const recipe = createStreamRecipe();
    expect(() => createStringSource(recipe, { digits: { ...CLIPS.digits!, speakers: [] } })).toThrow(
      /each with its speaker/,
    );
    expect(() => createStringSource(recipe, {})).toThrow(/needs digits/);
  });
});
