// Classifies the bundled samples with a model file and prints their probabilities as JSON, on the runtime named by the
// first argument (`node` or `web`), in a process of its own. The second argument is the model's path.

import { readFile } from "node:fs/promises";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import type { OnnxRuntime } from "../../src/graph/program.ts";
import { createClassifier } from "../../src/model/classifier.ts";

const [, , name, modelPath] = process.argv;
const runtime: OnnxRuntime =
  name === "web" ? await import("onnxruntime-web") : await import("onnxruntime-node");
const classifier = await createClassifier(runtime, await readFile(modelPath!));
const rows: number[][] = [];
for (let digit = 0; digit <= 9; digit++) {
  const path = new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url);
  const { samples, sampleRate } = await decodeAudio(await readFile(path));
  const { probs, noneProb } = await classifier.classify(samples, { sampleRate });
  rows.push([...probs, noneProb]);
}
await classifier.release();
process.stdout.write(JSON.stringify(rows));
