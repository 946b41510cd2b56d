import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { prepareRecording } from "../audio/prepare-recording.ts";
import { loadClassifier } from "../load-models.ts";
import type { Classifier } from "../model/classifier.ts";
import { classifyBytes } from "./recordings.ts";

const SAMPLE_RATE = 8000;

/** Half a second of a tone between two half seconds of silence. */
function toneInSilence(): Float32Array {
  const samples = new Float32Array(1.5 * SAMPLE_RATE);
  for (let i = 4000; i < 8000; i++) samples[i] = 0.5 * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE);
  return samples;
}

describe("prepareRecording", () => {
  test("cuts silence off both ends unless told not to, and leaves its input as it is", async () => {
    const samples = toneInSilence();
    const trimmed = await prepareRecording(samples, { sampleRate: SAMPLE_RATE });
    expect(trimmed.length).toBeGreaterThan(4000);
    expect(trimmed.length).toBeLessThan(8000);
    const whole = await prepareRecording(samples, { sampleRate: SAMPLE_RATE, trim: false });
    expect(whole).toBe(samples);
    expect(samples).toEqual(toneInSilence());
  });

  test("leaves something of digital silence, for the classifier to name", async () => {
    const silence = new Float32Array(100);
    expect(await prepareRecording(silence, { sampleRate: SAMPLE_RATE })).toBe(silence);
  });

  test("reduces noise only when told to", async () => {
    let state = 1;
    const noise = Float32Array.from({ length: 8000 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return 0.1 * (state / 2_147_483_647 - 0.5);
    });
    const energy = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);
    const quieter = await prepareRecording(noise, { sampleRate: SAMPLE_RATE, trim: false, denoise: true });
    expect(energy(quieter)).toBeLessThan(energy(noise) / 2);
  });
});

describe("classifyBytes", () => {
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = await loadClassifier();
  });
  afterAll(() => classifier.release());

  test("answers as the classifier does for the decoded, trimmed samples", async () => {
    const bytes = encodeWav(toneInSilence(), { sampleRate: SAMPLE_RATE });
    const { decodeAudio } = await import("../audio/decode-audio.ts");
    const { samples, sampleRate } = await decodeAudio(bytes);
    const prepared = await prepareRecording(samples, { sampleRate });
    const expected = await classifier.classify(prepared, { sampleRate });
    expect((await classifyBytes(classifier, bytes)).probs).toEqual(expected.probs);
  });

  test("keeps to the limit of duration", async () => {
    const bytes = new Uint8Array(readFileSync(new URL("../../fixtures/samples/7.wav", import.meta.url)));
    await expect(classifyBytes(classifier, bytes, { maxDurationMs: 100 })).rejects.toMatchObject({
      code: "audio-too-long",
    });
  });
});
