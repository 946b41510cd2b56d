import { describe, expect, it } from "vitest";
import { peakOf } from "../audio/level.ts";
import { cutWindows, measureRejection, type RejectionOptions } from "./rejection.ts";
import { makeSilences, SILENCE_KINDS } from "./rejection-silence.ts";

/** Takes whatever is louder than half of full scale for a digit. */
const classify: RejectionOptions["classify"] = async (samples) => ({
  topDigit: 4,
  digit: peakOf(samples) > 0.5 ? 4 : null,
  confidence: 0.5,
});

const loud = new Float32Array(4000).fill(0.9);
const soft = new Float32Array(4000).fill(0.1);
const halfLoud = Float32Array.from({ length: 20000 }, (_, i) => (i < 8000 ? 0.9 : 0.1));
const options: RejectionOptions = {
  classify,
  words: { heard: [{ samples: loud, word: "cat" }, { samples: soft, word: "cat" }, { samples: loud }] },
  noises: [
    { samples: halfLoud, kind: "rain" },
    { samples: soft, kind: "sea" },
  ],
  seed: 1,
};

describe("measureRejection", () => {
  it("counts digits answered, by list and by what is heard", async () => {
    const { words, noise, silence } = await measureRejection(options);
    expect(words).toEqual({ heard: { n: 3, answered: 2, byKind: { cat: { n: 2, answered: 1 } } } });
    // Windows of rain begin at 0, 0.25 and so on to 1.5 s; the first four hold something loud.
    expect(noise).toEqual({
      n: 8,
      answered: 4,
      hopMs: 250,
      byKind: { rain: { n: 7, answered: 4 }, sea: { n: 1, answered: 0 } },
    });
    expect(silence).toMatchObject({ n: 40 * SILENCE_KINDS.length, answered: 0 });
    expect(Object.keys(silence.byKind)).toEqual([...SILENCE_KINDS].sort());
  });

  it("finds a classifier out that answers to silence", async () => {
    const answerAlways: RejectionOptions["classify"] = async () => ({ topDigit: 1, digit: 1, confidence: 1 });
    const { silence } = await measureRejection({ ...options, words: {}, noises: [], classify: answerAlways });
    expect(silence.answered).toBe(silence.n);
  });

  it("gives windows each quarter of a second, and hands over 8 kHz", async () => {
    const lengths: number[] = [];
    const { noise } = await measureRejection({
      ...options,
      words: {},
      noises: [{ samples: halfLoud, kind: "rain" }],
      classify: async (samples, { sampleRate }) => {
        expect(sampleRate).toBe(8000);
        lengths.push(samples.length);
        return classify(samples, { sampleRate });
      },
    });
    expect(noise).toMatchObject({ n: 7, hopMs: 250 });
    expect(lengths.slice(0, 7)).toEqual(new Array(7).fill(8000));
  });

  it("has figures of 0 without noise", async () => {
    const { noise } = await measureRejection({ ...options, noises: [] });
    expect(noise).toMatchObject({ n: 0, answered: 0, byKind: {} });
  });

  it("says how far it is, and ends when it is called off", async () => {
    const steps: number[][] = [];
    await measureRejection({ ...options, onProgress: (...step) => steps.push(step) });
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(measureRejection({ ...options, signal })).rejects.toThrow("called off");
  });

  it("passes an error of the classifier on", async () => {
    const failing = () => Promise.reject(new Error("no model"));
    await expect(measureRejection({ ...options, classify: failing })).rejects.toThrow("no model");
  });
});

describe("cutWindows", () => {
  it("takes a recording shorter than a second as it is, and none of none", () => {
    expect(cutWindows(soft, 250)).toEqual([soft]);
    expect(cutWindows(new Float32Array(0), 250)).toEqual([]);
  });

  it("passes over what is left at the end", () => {
    expect(cutWindows(new Float32Array(8001), 1)).toHaveLength(1);
    expect(cutWindows(new Float32Array(17999), 1000)).toHaveLength(2);
  });
});

describe("makeSilences", () => {
  it("gives four lengths of ten takes, on the steps of 16-bit audio", () => {
    for (const kind of SILENCE_KINDS) {
      const takes = makeSilences(kind, { seed: 1 });
      expect(takes.map(({ samples }) => samples.length).filter((length) => length === 24000)).toHaveLength(
        10,
      );
      expect(new Set(takes.map(({ samples }) => samples.length))).toEqual(new Set([800, 4000, 8000, 24000]));
      for (const { samples } of takes)
        expect(samples.every((value) => Number.isInteger(value * 32768))).toBe(true);
    }
  });

  it.each<[(typeof SILENCE_KINDS)[number], number, number]>([
    ["digital silence", 0, 0],
    ["dither of 1 step", 1, 1],
    ["dither of 2 steps", 2, 2],
    ["converter noise", 3, 30],
    ["quiet room", 20, 200],
    ["hum of 50 Hz", 20, 200],
    ["hum of 60 Hz", 20, 200],
    ["offset", 99, 101],
  ])("%s peaks between %d and %d steps", (kind, least, most) => {
    for (const { samples } of makeSilences(kind, { seed: 1 })) {
      expect(peakOf(samples) * 32768).toBeGreaterThanOrEqual(least);
      expect(peakOf(samples) * 32768).toBeLessThanOrEqual(most);
    }
  });

  it("hums at the frequency of the mains", () => {
    const { samples } = makeSilences("hum of 60 Hz", { seed: 1 }).at(-1)!;
    const powerAt = (hz: number) => {
      let [re, im] = [0, 0];
      for (const [i, value] of samples.entries()) {
        re += value * Math.cos((2 * Math.PI * hz * i) / 8000);
        im += value * Math.sin((2 * Math.PI * hz * i) / 8000);
      }
      return re * re + im * im;
    };
    for (const other of [50, 55, 100, 240]) expect(powerAt(60)).toBeGreaterThan(100 * powerAt(other));
  });

  it("is the same for the same seed, and other for another", () => {
    const first = (seed: number) => makeSilences("quiet room", { seed })[0]!.samples;
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });
});
