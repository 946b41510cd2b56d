// npm run measure:people -- [--model FILE] [--data FOLDER] [--part dev|test] [--expect WAY,WAY] [--speakers] [--json]: how well
// numbers are heard as people say them, by speakers that train nothing, and how often a digit is heard where none is.

import { parseArgs } from "node:util";
import { locateCorpora } from "../src/corpus/find-corpus.ts";
import { readFluentTestMaterial } from "../src/evaluation/fluent-material.ts";
import {
  formatListeningReport,
  type ListeningMaterial,
  type ListeningReport,
  listeningMaterial,
  measureListening,
} from "../src/evaluation/listening-report.ts";
import { type HeldOutHalf, readStreamTestMaterial } from "../src/evaluation/test-stream-material.ts";
import { NEGATIVE_SECONDS, negativeStreamsOf } from "../src/evaluation/test-stream-suite.ts";
import { TONE_NAMES, toneSignal } from "../src/evaluation/tone-signals.ts";
import { checkExpectation, EXPECTATIONS } from "../src/live/decoding.ts";
import { loadStreamModel } from "../src/live/load-stream-model.ts";
import { transcribe } from "../src/live/transcribe.ts";

const SEED = 1;
const NOISE_MINUTES = 10;
const TONE_SECONDS = 20;
const SILENT_SECONDS = 60;
// Silence before and after a single digit.
const QUIET_SAMPLES = 8000;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    part: { type: "string", default: "test" },
    expect: { type: "string", default: EXPECTATIONS.join() },
    speakers: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const part = values.part === "dev" ? "dev" : "test";
const model = await loadStreamModel({ model: values.model });
const material = await readMaterial();
const reports: Record<string, ListeningReport> = {};
for (const expect of values.expect.split(",").map(checkExpectation)) {
  const recognize = async (samples: Float32Array) =>
    (await transcribe(model, samples, { sampleRate: 8000, expect })).digits;
  reports[expect] = await measureListening(material, recognize, (set) => console.error(expect, set));
  if (values.json) continue;
  console.log(`Expecting ${expect}, ${part} speakers\n`);
  console.log(`${formatListeningReport(reports[expect], { speakers: values.speakers })}\n`);
}
if (values.json) console.log(JSON.stringify(reports));

async function readMaterial(): Promise<ListeningMaterial> {
  const folders = await locateCorpora({ data: values.data });
  const half: HeldOutHalf = part === "dev" ? "choosing" : "reporting";
  const others = (await readStreamTestMaterial(folders))[half];
  const noises = [...negativeStreamsOf(others, "noise", { minutes: NOISE_MINUTES, seed: SEED })];
  return listeningMaterial(await readFluentTestMaterial(folders, part), {
    numbers: {
      "one digit": others.digits.map(({ samples, digit, speaker }) => ({
        path: "",
        digits: String(digit),
        speaker,
        corpus: "speech-commands",
        samples: inQuiet(samples),
      })),
    },
    negatives: {
      noise: noises.map((samples, i) => ({ path: `${NEGATIVE_SECONDS} s of noise, ${i}`, samples })),
      tones: TONE_NAMES.map((path) => ({ path, samples: toneSignal(path, TONE_SECONDS) })),
      silence: [{ path: "silence", samples: new Float32Array(8000 * SILENT_SECONDS) }],
    },
  });
}

function inQuiet(samples: Float32Array): Float32Array {
  const longer = new Float32Array(samples.length + 2 * QUIET_SAMPLES);
  longer.set(samples, QUIET_SAMPLES);
  return longer;
}
