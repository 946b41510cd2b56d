// npm run measure:stream -- [--model FILE] [--data FOLDER] [--streams N] [--minutes N] [--json]: how well digits are heard in
// streams made from speakers, words and noise that the stream model knows neither from its training nor from the choice of its
// settings.

import { parseArgs } from "node:util";
import { locateCorpora } from "../src/corpus/find-corpus.ts";
import { quantileOf, type StreamErrors } from "../src/evaluation/test-stream-errors.ts";
import { readStreamTestMaterial, type TestMaterial } from "../src/evaluation/test-stream-material.ts";
import type { NegativeKind } from "../src/evaluation/test-stream-negatives.ts";
import {
  countFalseDigits,
  measureCondition,
  STREAM_CONDITIONS,
  type StreamCondition,
} from "../src/evaluation/test-stream-suite.ts";
import { type Alignment, formatTable } from "../src/evaluation/text-table.ts";
import { loadStreamModel } from "../src/live/load-stream-model.ts";
import { transcribe } from "../src/live/transcribe.ts";
import { wholeNumber } from "./whole-number.ts";

const SEED = 1;
const SILENT_SECONDS = 60;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    streams: { type: "string", default: "100" },
    minutes: { type: "string", default: "30" },
    json: { type: "boolean", default: false },
  },
});
const streams = wholeNumber("--streams", values.streams);
const minutes = wholeNumber("--minutes", values.minutes);
const model = await loadStreamModel({ model: values.model });
const { reporting, fsdd } = await readStreamTestMaterial(await locateCorpora({ data: values.data }));
const report = {
  strangers: await measureAll(reporting),
  "FSDD test takes": await measureAll(fsdd),
  falseDigitsPerHour: {
    noise: await falsePerHour("noise"),
    speech: await falsePerHour("speech"),
    silence: await inSilence(),
  },
};
if (values.json) console.log(JSON.stringify(report, null, 2));
else printReport();

type Row = Omit<StreamErrors, "delaysMs"> & {
  delayMs: Partial<Record<"median" | "p95" | "most", number>>;
  atMost?: number;
};

async function measureAll(material: TestMaterial): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  for (const name of Object.keys(STREAM_CONDITIONS) as StreamCondition[]) {
    const options = { count: streams, seed: SEED };
    const { delaysMs, ...errors } = await measureCondition(model, material, name, options);
    const [median, p95, most] = [0.5, 0.95, 1].map((share) => quantileOf(delaysMs, share));
    const delayMs = { median, p95, most };
    rows[name] = { ...errors, delayMs, atMost: STREAM_CONDITIONS[name].atMost };
  }
  return rows;
}

async function falsePerHour(kind: NegativeKind): Promise<number> {
  return (60 * (await countFalseDigits(model, reporting, kind, { minutes, seed: SEED }))) / minutes;
}

async function inSilence(): Promise<number> {
  const { events } = await transcribe(model, new Float32Array(SILENT_SECONDS * 8000), { sampleRate: 8000 });
  return (3600 * events.length) / SILENT_SECONDS;
}

function printReport(): void {
  const alignments: Alignment[] = ["left", "left", ...Array<Alignment>(9).fill("right")];
  const heading = [
    "",
    "",
    "digits",
    "errors",
    "aim",
    "subst.",
    "missed",
    "too many",
    "strings",
    "delay ms",
    "p95",
  ];
  const rows = (["strangers", "FSDD test takes"] as const).flatMap((speakers) =>
    Object.entries(report[speakers]).map(([condition, row]) => [speakers, condition, ...cellsOf(row)]),
  );
  console.log(formatTable([heading, ...rows], alignments));
  for (const [kind, count] of Object.entries(report.falseDigitsPerHour)) {
    console.log(`false digits in an hour of ${kind}: ${count.toFixed(0)}`);
  }
}

function cellsOf(row: Row): string[] {
  return [
    String(row.digits),
    percent(row.digitErrorRate),
    row.atMost === undefined ? "" : percent(row.atMost),
    ...[row.substitutions, row.deletions, row.insertions].map(String),
    percent(row.stringAccuracy),
    milliseconds(row.delayMs.median),
    milliseconds(row.delayMs.p95),
  ];
}

/** There are none where no digit was heard rightly. */
function milliseconds(delay: number | undefined): string {
  return delay === undefined ? "" : delay.toFixed(0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
