// Runs a published folder through the real transformers.js, in a process of its own and without a network. Prints the score
// of every class for each recording: `transformers-pipeline.ts FOLDER RECORDING...`, recordings of 8 kHz.

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { env, pipeline } from "@huggingface/transformers";
import { decodeAudio } from "../../src/audio/decode-audio.ts";

const [folder, ...paths] = process.argv.slice(2) as [string, ...string[]];
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
globalThis.fetch = (input) => Promise.reject(new Error(`the network was asked for ${String(input)}`));

const classify = await pipeline("audio-classification", basename(folder), { dtype: "fp32" });
const answers = [];
for (const path of paths) {
  const { samples, sampleRate } = await decodeAudio(readFileSync(path));
  if (sampleRate !== 8000) throw new Error(`expected 8 kHz, got ${sampleRate}: ${path}`);
  const scores = await classify(samples, { top_k: 11 });
  answers.push(Object.fromEntries(scores.map(({ label, score }) => [label, score])));
}
process.stdout.write(JSON.stringify(answers));
