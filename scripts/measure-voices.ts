// npm run measure:voices -- FOLDER [--model FILE] [--stream-model FILE] [--json]: what both models take for a digit in
// speech that has none. FOLDER holds a folder for each voice, as `npm run voices -- FOLDER --held-out` gathers it.

import { parseArgs } from "node:util";
import { loadSamples } from "../src/corpus/load-samples.ts";
import type { Recording } from "../src/corpus/recording.ts";
import { readVoices } from "../src/corpus/voices.ts";
import { type Alignment, formatTable } from "../src/evaluation/text-table.ts";
import { loadStreamModel } from "../src/live/load-stream-model.ts";
import { transcribe } from "../src/live/transcribe.ts";
import { loadClassifier } from "../src/model/load-classifier.ts";
import { SAMPLE_RATE } from "../src/model/log-mel.ts";
import { prepareRecording } from "../src/model/recording-classifier.ts";

type Counts = {
  voice: string;
  recordings: number;
  minutes: number;
  /** Recordings that the classifier answers with a digit. */
  answered: number;
  /** Digits that the stream model hears in them. */
  heard: number;
};

const { values, positionals } = parseArgs({
  options: {
    model: { type: "string", default: "compact" },
    "stream-model": { type: "string" },
    json: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("name a folder of voices: npm run measure:voices -- FOLDER");
  process.exit(2);
}
const classifier = await loadClassifier({ model: values.model });
const streamModel = await loadStreamModel({ model: values["stream-model"] });
const recordings = await readVoices(folder);
const counts: Counts[] = [];
for (const voice of new Set(recordings.map(({ speaker }) => speaker))) {
  counts.push(
    await countDigits(
      voice,
      recordings.filter(({ speaker }) => speaker === voice),
    ),
  );
}
const total = counts.reduce(add, { voice: "all", recordings: 0, minutes: 0, answered: 0, heard: 0 });
if (values.json) console.log(JSON.stringify([...counts, total], null, 2));
else printTable();

async function countDigits(voice: string, ofVoice: readonly Recording[]): Promise<Counts> {
  const all = { voice, recordings: ofVoice.length, minutes: 0, answered: 0, heard: 0 };
  for (const samples of await loadSamples(ofVoice)) {
    const prepared = await prepareRecording(samples, { sampleRate: SAMPLE_RATE });
    const { digit } = await classifier.classify(prepared, { sampleRate: SAMPLE_RATE });
    if (digit !== null) all.answered++;
    all.heard += (await transcribe(streamModel, samples, { sampleRate: SAMPLE_RATE })).digits.length;
    all.minutes += samples.length / SAMPLE_RATE / 60;
  }
  return all;
}

function add(sum: Counts, one: Counts): Counts {
  return {
    voice: sum.voice,
    recordings: sum.recordings + one.recordings,
    minutes: sum.minutes + one.minutes,
    answered: sum.answered + one.answered,
    heard: sum.heard + one.heard,
  };
}

function printTable(): void {
  const alignments: Alignment[] = ["left", ...Array<Alignment>(5).fill("right")];
  const heading = ["voice", "recordings", "minutes", "answered", "digits heard", "in an hour"];
  const rows = [...counts, total].map(({ voice, recordings, minutes, answered, heard }) => [
    voice,
    String(recordings),
    minutes.toFixed(1),
    `${((100 * answered) / recordings).toFixed(1)} %`,
    String(heard),
    ((60 * heard) / minutes).toFixed(0),
  ]);
  console.log(formatTable([heading, ...rows], alignments));
}
