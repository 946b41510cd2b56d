import { describe, expect, it } from "vitest";
import type { Clip } from "../corpus/clean-recordings.ts";
import type { Label } from "../corpus/recording.ts";
import { createRandom } from "../random.ts";
import { measureRobustness, type RobustnessOptions } from "./robustness.ts";
import { robustnessSvg } from "./robustness-svg.ts";
import { formatRobustness, formatSetting } from "./robustness-text.ts";

const HZ_PER_DIGIT = 200;
const COSINE = Float64Array.from({ length: 8000 }, (_, i) => Math.cos((2 * Math.PI * i) / 8000));

/** A tone whose frequency is the digit. */
function makeClip(digit: number, speaker: string): Clip {
  const samples = Float32Array.from(
    { length: 3200 },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * (digit + 1) * HZ_PER_DIGIT * i) / 8000),
  );
  const label = digit as Label;
  return { recording: { path: `${digit}_${speaker}.wav`, label, speaker, corpus: "test" }, samples };
}

const recordings = [makeClip(0, "a"), makeClip(3, "b"), makeClip(7, "b")];

/** Hears the strongest of the ten tones; accepts it where it stands out. */
async function classifyTone(samples: Float32Array) {
  const powers = Array.from({ length: 10 }, (_, digit) => {
    let [re, im] = [0, 0];
    for (let i = 0; i < samples.length; i++) {
      const phase = ((digit + 1) * HZ_PER_DIGIT * i) % 8000;
      re += samples[i]! * COSINE[phase]!;
      im += samples[i]! * COSINE[(phase + 2000) % 8000]!;
    }
    return re * re + im * im;
  });
  const confidence = Math.max(...powers) / powers.reduce((sum, power) => sum + power, 1e-12);
  const topDigit = powers.indexOf(Math.max(...powers));
  return { topDigit, digit: confidence > 0.5 ? topDigit : null, confidence };
}

const noises = [
  Float32Array.from(
    { length: 16000 },
    (
      (random) => () =>
        random.normal()
    )(createRandom(5)),
  ),
];
const options: RobustnessOptions = { classify: classifyTone, recordings, noises, seed: 1 };

describe("measureRobustness", () => {
  it("finds a perfect classifier perfect on clean clips, first of all", async () => {
    const { n, seed, rows } = await measureRobustness(options);
    expect({ n, seed }).toEqual({ n: 3, seed: 1 });
    expect(rows[0]).toMatchObject({ group: "clean", setting: null, plain: { accuracy: 1, accepted: 1 } });
    expect(rows.filter(({ group }) => group === "white noise").map(({ setting }) => setting)).toEqual([
      20, 10, 5, 0,
    ]);
  });

  it("tells accuracy from acceptance", async () => {
    const classify = async () => ({ topDigit: 3, digit: null, confidence: 0.2 });
    const { rows } = await measureRobustness({ ...options, classify });
    for (const { plain, denoised } of rows) {
      expect(plain).toEqual({ accuracy: 1 / 3, accepted: 0 });
      expect(denoised).toEqual({ accuracy: 1 / 3, accepted: 0 });
    }
  });

  it("hands the classifier samples at 8 kHz, each clip as it is and after noise reduction", async () => {
    const inputs: Float32Array[] = [];
    const classify: RobustnessOptions["classify"] = async (samples, { sampleRate }) => {
      expect(sampleRate).toBe(8000);
      inputs.push(samples);
      return { topDigit: 0, digit: 0, confidence: 1 };
    };
    const { rows } = await measureRobustness({
      ...options,
      classify,
      recordings: recordings.slice(0, 1),
    });
    expect(inputs).toHaveLength(2 * rows.length);
    const white = 2 * rows.findIndex(({ group }) => group === "white noise");
    expect(inputs[white]).toHaveLength(3200 + 2 * 2000);
    expect(inputs[white + 1]).not.toEqual(inputs[white]);
  });

  it("gives the same figures for the same seed, and other noise for another", async () => {
    const seen = async (change: Partial<RobustnessOptions>) => {
      let sum = 0;
      const classify: RobustnessOptions["classify"] = async (samples) => {
        sum += Math.round(samples.reduce((total, x) => total + Math.abs(x), 0));
        return classifyTone(samples);
      };
      const report = await measureRobustness({ ...options, classify, ...change });
      return { rows: report.rows, sum };
    };
    const first = await seen({});
    expect(await seen({})).toEqual(first);
    expect((await seen({ seed: 2 })).sum).not.toBe(first.sum);
  });

  it("says how far it is, and ends when it is called off", async () => {
    const steps: number[][] = [];
    const { rows } = await measureRobustness({ ...options, onProgress: (...step) => steps.push(step) });
    expect(steps.at(-1)).toEqual([rows.length, rows.length]);
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(measureRobustness({ ...options, signal })).rejects.toThrow("called off");
  });

  it("passes an error of the classifier on", async () => {
    const classify = () => Promise.reject(new Error("no model"));
    await expect(measureRobustness({ ...options, classify })).rejects.toThrow("no model");
  });
});

describe("formatRobustness", () => {
  it("has a line a condition with both sides", () => {
    const figures = { accuracy: 0.975, accepted: 0.9 };
    const text = formatRobustness({
      n: 40,
      seed: 3,
      rows: [
        { group: "clean", setting: null, unit: "", plain: figures, denoised: { accuracy: 1, accepted: 0.5 } },
        { group: "babble", setting: 20, unit: "dB", plain: figures, denoised: figures },
        { group: "babble", setting: 0, unit: "dB", plain: figures, denoised: figures },
        { group: "speaking rate", setting: 0.8, unit: "", plain: figures, denoised: figures },
      ],
    });
    expect(text).toContain("40 clips");
    expect(text).toMatch(/clean +97\.5 % +90\.0 % +100\.0 % +50\.0 %/);
    expect(text).toMatch(/babble +20 dB +97\.5 %/);
    expect(text).toMatch(/\n +0 dB +97\.5 %/);
    expect(text).toMatch(/speaking rate +x 0\.8 /);
    expect(text.endsWith("\n")).toBe(true);
  });

  it("names settings with their unit", () => {
    expect(formatSetting({ setting: null, unit: "" })).toBe("");
    expect(formatSetting({ setting: 5, unit: "dB" })).toBe("5 dB");
  });
});

describe("robustnessSvg", () => {
  it("draws a chart for each group that was measured, and a line for each noise", async () => {
    const svg = robustnessSvg(await measureRobustness(options));
    expect(svg.startsWith("<svg")).toBe(true);
    for (const title of [
      "Noise, then noise reduction",
      "Level",
      "Reverberation",
      "Leading silence",
      "babble",
    ])
      expect(svg).toContain(title);
    expect(svg).not.toContain("NaN");
  });

  it("leaves out what was not measured", () => {
    const figures = { accuracy: 0.5, accepted: 0.5 };
    const row = { group: "level", setting: -10, unit: "dB", plain: figures, denoised: figures } as const;
    const svg = robustnessSvg({ n: 1, seed: 1, rows: [row] });
    expect(svg).toContain("Level");
    expect(svg).not.toContain("Reverberation");
  });
});
