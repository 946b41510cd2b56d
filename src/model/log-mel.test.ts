import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { Graph } from "../graph/graph.ts";
import { compile } from "../graph/program.ts";
import { architecture } from "./architectures.ts";
import { frameCount, logMel, MEL_FLOOR, SAMPLE_RATE, WINDOW_SAMPLES } from "./log-mel.ts";
import { melFilterBank } from "./mel-filter-bank.ts";

// Made by scripts/reference/log_mel.py with NumPy's FFT in double precision.
const REFERENCE = JSON.parse(
  readFileSync(new URL("../../fixtures/reference/log-mel.json", import.meta.url), "utf8"),
) as Record<string, { shape: number[]; every7th: number[] }>;

async function spectrogram(name: "compact" | "standard", samples: Float32Array): Promise<Float32Array> {
  const graph = new Graph();
  graph.output("log_mel", logMel(graph.input("samples", [1, WINDOW_SAMPLES]), architecture(name).logMel));
  const program = await compile(ort, graph);
  const { log_mel } = await program.run({ samples });
  await program.release();
  return log_mel as Float32Array;
}

const tone = (hz: number, level = 0.5) =>
  Float32Array.from(
    { length: WINDOW_SAMPLES },
    (_, n) => level * Math.sin((2 * Math.PI * hz * n) / SAMPLE_RATE),
  );

describe.each(["compact", "standard"] as const)("logMel for %s", (name) => {
  const options = architecture(name).logMel;

  it("matches NumPy to 1e-4 wherever a band is above its floor, and to 1e-3 at the floor", async () => {
    const samples = Float32Array.from({ length: WINDOW_SAMPLES }, (_, t) => {
      const chirp = Math.sin((2 * Math.PI * (200 + 0.15 * t) * t) / SAMPLE_RATE);
      return 0.3 * chirp + (t > 4000 ? 0.05 * Math.sin((2 * Math.PI * 3210 * t) / SAMPLE_RATE) : 0);
    });
    const computed = await spectrogram(name, samples);
    const { shape, every7th } = REFERENCE[name]!;
    expect(shape).toEqual([options.nMels, frameCount(options)]);
    every7th.forEach((expected, i) => {
      expect(Math.abs(computed[7 * i]! - expected)).toBeLessThan(expected > -5 ? 1e-4 : 1e-3);
    });
  });

  it("puts a tone's peak into the band around its frequency", async () => {
    const bank = melFilterBank({ ...options, sampleRate: SAMPLE_RATE });
    const nBins = options.nFft / 2 + 1;
    for (const hz of [300, 1000, 2500]) {
      const logPower = await spectrogram(name, tone(hz));
      const middle = frameCount(options) / 2;
      const column = Array.from(
        { length: options.nMels },
        (_, band) => logPower[band * frameCount(options) + middle]!,
      );
      const peak = column.indexOf(Math.max(...column));
      const bin = Math.round((hz * options.nFft) / SAMPLE_RATE);
      expect(bank[peak * nBins + bin]).toBeGreaterThan(0.3);
    }
  });

  it("does not depend on the level", async () => {
    const [loud, quiet] = [
      await spectrogram(name, tone(700, 0.9)),
      await spectrogram(name, tone(700, 0.0009)),
    ];
    loud.forEach((value, i) => {
      expect(Math.abs(value - quiet[i]!)).toBeLessThan(2e-3);
    });
  });

  it("stays at its floor for digital silence", async () => {
    const silent = await spectrogram(name, new Float32Array(WINDOW_SAMPLES));
    expect(silent.every((value) => Math.abs(value - Math.log(MEL_FLOOR)) < 1e-6)).toBe(true);
  });

  it("stays finite for one click and for full-scale clipping", async () => {
    const click = new Float32Array(WINDOW_SAMPLES);
    click[4000] = 1;
    const clipped = tone(50, 1000).map((sample) => Math.max(-1, Math.min(1, sample)));
    for (const samples of [click, clipped]) {
      expect((await spectrogram(name, samples)).every(Number.isFinite)).toBe(true);
    }
  });
});
