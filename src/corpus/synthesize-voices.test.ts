import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { synthesizeVoices } from "./synthesize-voices.ts";
import { readSynthesizedSpeech, SYNTHESIZED } from "./synthesized-speech.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "synthesize-voices-test-"));
  await mkdir(join(folder, "bin"));
  // 0.2 s of silence, 1 s of a tone, 0.3 s of silence, whatever is to be said.
  const tone = Float32Array.from({ length: 12_000 }, (_, i) =>
    i >= 1600 && i < 9600 ? 0.3 * Math.sin(0.7 * i) : 0,
  );
  await writeFile(join(folder, "tone.wav"), encodeWav(tone, { sampleRate: 8000 }));
  const script = `#!/bin/sh\nfor last; do :; done\ncp "${folder}/tone.wav" "$last"\n`;
  await writeFile(join(folder, "bin", "flite"), script);
  await chmod(join(folder, "bin", "flite"), 0o755);
});

afterAll(() => rm(folder, { recursive: true }));

it("has a voice say digits, letters, words and numbers, each word with its time", async () => {
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
  const target = join(folder, "synthesized");
  const onVoice = vi.fn();
  await synthesizeVoices(target, { voices: [{ program: "flite", voice: "anna", pitch: 150 }], onVoice });
  vi.unstubAllEnvs();

  const recordings = await readSynthesizedSpeech(target);
  expect(onVoice.mock.calls).toEqual([["flite-anna-150", recordings.length]]);
  const { training, validation, test } = await SYNTHESIZED.read(target);
  expect([validation, test]).toEqual([[], []]);
  expect(training.map(({ role, recordings }) => [role, recordings.length])).toEqual([
    ["digits", 20],
    ["negatives", 55],
    ["fluent", 46],
  ]);
  expect(training[0]!.recordings.map(({ label }) => label).sort()).toEqual(
    [..."0123456789"].flatMap((digit) => [Number(digit), Number(digit)]),
  );
  for (const { words } of training[2]!.recordings) {
    const times = words!.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.abs(times[0]! - 200)).toBeLessThanOrEqual(20);
    expect(Math.abs(times.at(-1)! - 1200)).toBeLessThanOrEqual(20);
  }
});

it("names the program that is missing, and leaves nothing", async () => {
  vi.stubEnv("PATH", join(folder, "nowhere"));
  const made = synthesizeVoices(join(folder, "second"), {
    voices: [{ program: "festival", voice: "voice_x" }],
  });
  await expect(made).rejects.toThrow("voices: there is no festival here; install it");
  await expect(made).rejects.toMatchObject({ code: "corpus-download" });
  vi.unstubAllEnvs();
  expect((await readdir(folder)).filter((name) => name.startsWith("second"))).toEqual([]);
});

it("leaves a folder that is there as it is", async () => {
  await expect(synthesizeVoices(join(folder, "bin"))).rejects.toMatchObject({ code: "invalid-argument" });
});
