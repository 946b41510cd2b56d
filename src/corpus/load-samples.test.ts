import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { AudioFormatError } from "../errors.ts";
import { loadSamples } from "./load-samples.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function writeTone(
  name: string,
  options: { sampleRate: number; amplitude?: number },
): Promise<{ path: string }> {
  const { sampleRate, amplitude = 0.5 } = options;
  const samples = Float32Array.from(
    { length: sampleRate / 2 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * 440 * i) / sampleRate),
  );
  const path = join(folder, name);
  await writeFile(path, encodeWav(samples, { sampleRate }));
  return { path };
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);

describe("loadSamples", () => {
  it("gives half a second of any rate as 4000 samples at the same level", async () => {
    const rates = [8000, 11025 * 2, 44100, 48000];
    const recordings = await Promise.all(
      rates.map((sampleRate) => writeTone(`${sampleRate}.wav`, { sampleRate })),
    );
    for (const samples of await loadSamples(recordings)) {
      expect(Math.abs(samples.length - 4000)).toBeLessThanOrEqual(1);
      // A sine of amplitude 0.5 has the RMS 0.5 / sqrt(2).
      expect(rms(samples)).toBeCloseTo(0.35355, 2);
    }
  });

  it("keeps the order of the recordings", async () => {
    const amplitudes = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const recordings = await Promise.all(
      amplitudes.map((amplitude) => writeTone(`${amplitude}.wav`, { sampleRate: 8000, amplitude })),
    );
    const levels = (await loadSamples(recordings)).map((samples) => rms(samples) * Math.SQRT2);
    for (const [i, level] of levels.entries()) expect(level).toBeCloseTo(amplitudes[i]!, 2);
  });

  it("counts the files as they are done", async () => {
    const recording = await writeTone("tone.wav", { sampleRate: 8000 });
    const steps: number[][] = [];
    await loadSamples([recording, recording, recording], { onProgress: (...step) => steps.push(step) });
    expect(steps).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("gives nothing for no recordings", async () => {
    expect(await loadSamples([])).toEqual([]);
  });

  it("names a file that is missing", async () => {
    const path = join(folder, "absent.wav");
    await expect(loadSamples([{ path }])).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(path),
    });
  });

  it("names a file that is no audio, and keeps the decoder's code", async () => {
    const path = join(folder, "page.wav");
    await writeFile(path, "<!doctype html><p>not audio");
    const error = await loadSamples([{ path }]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AudioFormatError);
    expect(error).toMatchObject({ code: "audio-unrecognised", message: expect.stringContaining(path) });
  });

  it("ends with the reason of the signal", async () => {
    const recording = await writeTone("tone.wav", { sampleRate: 8000 });
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(loadSamples([recording], { signal })).rejects.toThrow("called off");
  });
});
