// The published folder in other people's programs: transformers.js as it is, and a bare ONNX runtime.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import { loadClassifier, modelPath } from "../../src/load-models.ts";
import type { Classifier } from "../../src/model/classifier.ts";
import { hubFiles, writeHubFiles } from "../../src/publishing/hub-files.ts";

const SCRIPT = fileURLToPath(new URL("../runtime/transformers-pipeline.ts", import.meta.url));
const SAMPLES = fileURLToPath(new URL("../../fixtures/samples/", import.meta.url));

describe.each(["compact", "standard"])("the published folder of %s", (name) => {
  let folder: string;
  let classifier: Classifier;
  let recordings: { path: string; samples: Float32Array }[];
  beforeAll(async () => {
    folder = join(mkdtempSync(join(tmpdir(), "published-")), name);
    const bytes = new Uint8Array(readFileSync(modelPath(name)));
    await writeHubFiles(hubFiles(bytes, { name, licence: "MIT" }), folder);
    classifier = await loadClassifier({ model: name });
    recordings = await makeRecordings(folder);
  });
  afterAll(async () => {
    await classifier.release();
    rmSync(join(folder, ".."), { recursive: true });
  });

  /** Probabilities of 0 to 9 and none, as the library gives them. */
  async function expectedScores(samples: Float32Array): Promise<number[]> {
    const { probs, noneProb } = await classifier.classify(samples, { sampleRate: 8000 });
    return [...probs, noneProb];
  }

  it("gives in transformers.js the probabilities that the library gives", async () => {
    const args = ["--import", "tsx", SCRIPT, folder, ...recordings.map(({ path }) => path)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const answers = JSON.parse(stdout) as Record<string, number>[];
    expect(answers).toHaveLength(recordings.length);
    for (const [i, { path, samples }] of recordings.entries()) {
      const expected = await expectedScores(samples);
      const labels = [..."0123456789", "none"];
      expect(Object.keys(answers[i]!).sort()).toEqual(labels);
      for (const [k, label] of labels.entries()) {
        expect(Math.abs(answers[i]![label]! - expected[k]!), `${path}, ${label}`).toBeLessThan(1e-4);
      }
    }
  });

  it("gives them in a bare ONNX runtime, from raw samples of any length", async () => {
    const session = await ort.InferenceSession.create(join(folder, "onnx", "model.onnx"));
    const lengths = [1, 800, 8191, 8192, 8193, 40_000];
    const long = recordings.at(-1)!.samples;
    for (const samples of lengths.map((length) => long.slice(0, length))) {
      const input = new ort.Tensor("float32", samples, [1, samples.length]);
      const { logits } = await session.run({ input_values: input });
      const expected = await expectedScores(samples);
      for (const [k, score] of softmax(logits!.data as Float32Array).entries()) {
        expect(Math.abs(score - expected[k]!), `${samples.length} samples, class ${k}`).toBeLessThan(1e-4);
      }
    }
    await session.release();
  });
});

/** The ten samples, a quarter of a second of one, and all ten one after the other. */
async function makeRecordings(folder: string): Promise<{ path: string; samples: Float32Array }[]> {
  const digits = await Promise.all(
    [..."0123456789"].map(async (digit) => {
      const path = join(SAMPLES, `${digit}.wav`);
      return { path, samples: (await decodeAudio(readFileSync(path))).samples };
    }),
  );
  const joined = Float32Array.from(digits.flatMap(({ samples }) => [...samples]));
  const others = { short: joined.slice(2000, 4000), long: joined };
  for (const [name, samples] of Object.entries(others)) {
    const path = join(folder, `${name}.wav`);
    writeFileSync(path, encodeWav(samples, { sampleRate: 8000 }));
    digits.push({ path, samples });
  }
  return digits;
}

function softmax(logits: Float32Array): number[] {
  const powers = [...logits].map((logit) => Math.exp(logit - Math.max(...logits)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
