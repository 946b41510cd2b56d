// Runs the published folder through the real transformers.js, in a process of its own and without the network: prints the
// scores of every class for each recording, and of the folder alone, through plain onnxruntime.

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { env, pipeline } from "@huggingface/transformers";
import { decodeAudio } from "../../src/audio/decode-audio.ts";

const [folder, ...paths] = process.argv.slice(2) as [string, ...string[]];
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);

const classify = await pipeline("audio-classification", basename(folder), { dtype: "fp32" });
const answers = [];
for (const path of paths) {
  const { samples, sampleRate } = await decodeAudio(readFileSync(path));
  if (sampleRate !== 8000) throw new Error(`expected 8 kHz, got ${sampleRate}`);
  const scores = await classify(samples, { top_k: 11 });
  answers.push(Object.fromEntries(scores.map(({ label, score }) => [label, score])));
}
process.stdout.write(JSON.stringify(answers));
