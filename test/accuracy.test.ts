// The shipped models on real recordings. Needs SPOKEN_DIGITS_DATA, and ffmpeg for the other formats.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { encodeWav } from "../src/audio/encode-wav.ts";
import { createFileClassifier, type FileHearer, type FilePrediction } from "../src/cli/file-models.ts";
import { readFsdd } from "../src/corpus/fsdd.ts";
import { loadSamples } from "../src/corpus/load-samples.ts";
import type { Recording } from "../src/corpus/recording.ts";
import { officialSplit } from "../src/corpus/splits.ts";
import { loadClassifier } from "../src/load-models.ts";
import { createRandom, type Random } from "../src/random.ts";

const DATA = process.env.SPOKEN_DIGITS_DATA;
const HAS_FFMPEG = spawnSync("ffmpeg", ["-version"]).status === 0;

let testPart: Recording[];
beforeAll(async () => {
  if (DATA) testPart = officialSplit(await readFsdd(DATA)).test;
});

describe.skipIf(!DATA)("accuracy of the shipped models on FSDD's official test part", () => {
  it.each([
    ["compact", 298],
    ["standard", 297],
  ])("%s answers at least %i of 300 rightly", async (model, least) => {
    const classifier = await loadClassifier({ model, threads: 2 });
    const predictions = await classifier.classifyBatch(await loadSamples(testPart), { sampleRate: 8000 });
    await classifier.release();
    const right = predictions.filter(({ topDigit }, i) => topDigit === testPart[i]!.label).length;
    expect(testPart).toHaveLength(300);
    expect(right).toBeGreaterThanOrEqual(least);
  });
});

describe.skipIf(!DATA)("accuracy of predict on changed recordings", () => {
  let classifier: FileHearer<FilePrediction>;
  let folder: string;
  let recordings: Recording[];
  beforeAll(async () => {
    classifier = await createFileClassifier({ model: "compact", trim: true });
    folder = mkdtempSync(join(tmpdir(), "accuracy-"));
    recordings = testPart.filter(({ take }) => take === 0);
  });
  afterAll(async () => {
    await classifier.release();
    rmSync(folder, { recursive: true });
  });

  /** How many of the sixty recordings are answered with the right digit after a change of their bytes. */
  async function countRight(
    change: (recording: Recording) => Uint8Array | Promise<Uint8Array>,
  ): Promise<number> {
    let right = 0;
    for (const recording of recordings) {
      const { digit } = await classifier.hear(await change(recording));
      if (digit === recording.label) right += 1;
    }
    return right;
  }

  it("is at least 59 of 60 as they are", async () => {
    expect(await countRight(({ path }) => readFileSync(path))).toBeGreaterThanOrEqual(59);
  });

  it("is at least 59 of 60 at 20 dB less", async () => {
    const quieter = async ({ path }: Recording) => {
      const { samples, sampleRate } = await decodeAudio(readFileSync(path));
      return encodeWav(
        samples.map((sample) => sample / 10),
        { sampleRate },
      );
    };
    expect(await countRight(quieter)).toBeGreaterThanOrEqual(59);
  });

  it("is at least 280 of 300 in five rooms: half a second of recorded noise on either side, and under the word, at 20 dB", async () => {
    const tap = await decodeAudio(
      readFileSync(`${DATA}/speech-commands/_background_noise_/running_tap.flac`),
    );
    const dishes = await decodeAudio(
      readFileSync(`${DATA}/speech-commands/_background_noise_/doing_the_dishes.flac`),
    );
    const inRoom =
      (room: number) =>
      async ({ path, label }: Recording) => {
        const { samples, sampleRate } = await decodeAudio(readFileSync(path));
        const noise = Number(label) % 2 === 0 ? tap : dishes;
        const random = createRandom(room, ...Buffer.from(basename(path)));
        return encodeWav(surround(samples, noise.samples, random), { sampleRate });
      };
    let right = 0;
    for (let room = 0; room < 5; room++) right += await countRight(inRoom(room));
    expect(right).toBeGreaterThanOrEqual(280);
  });

  it.skipIf(!HAS_FFMPEG).each([
    ["MP3", "mp3", ["-b:a", "32k"]],
    ["M4A", "m4a", ["-b:a", "32k"]],
    ["Opus", "opus", ["-b:a", "24k"]],
    ["WAV at 44.1 kHz in stereo", "wav", ["-ar", "44100", "-ac", "2"]],
  ])("is at least 58 of 60 as %s", async (_, extension, settings) => {
    const target = ({ path }: Recording) => join(folder, `${basename(path, ".wav")}.${extension}`);
    const inputs = recordings.flatMap(({ path }) => ["-i", path]);
    const outputs = recordings.flatMap((recording, i) => ["-map", `${i}:a`, ...settings, target(recording)]);
    execFileSync("ffmpeg", ["-v", "error", "-y", ...inputs, ...outputs]);
    const convert = (recording: Recording) => readFileSync(target(recording));
    expect(await countRight(convert)).toBeGreaterThanOrEqual(58);
  });
});

/** The word with half a second before and after it, all of it under noise 20 dB below the word's own power. */
function surround(word: Float32Array, noise: Float32Array, random: Random): Float32Array {
  const margin = 4000;
  const length = word.length + 2 * margin;
  const offset = random.integer(0, noise.length - length);
  const stretch = noise.subarray(offset, offset + length);
  const gain = Math.sqrt(power(word) / power(stretch)) / 10;
  return stretch.map((sample, i) => gain * sample + (word[i - margin] ?? 0));
}

const power = (samples: Float32Array) =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
