// How a stream model does on streams made of clips: every condition, and hours without a digit. A regression test of what
// recordings of people do not have many of; these are measured in listening-report.ts.

import type { StreamModel } from "../live/stream-model.ts";
import { listen, quantileOf, type StreamErrors } from "./test-stream-errors.ts";
import type { StreamTestMaterial, TestMaterial } from "./test-stream-material.ts";
import type { NegativeKind } from "./test-stream-negatives.ts";
import {
  countFalseDigits,
  measureCondition,
  STREAM_CONDITIONS,
  type StreamCondition,
} from "./test-stream-suite.ts";
import { type Alignment, formatTable, percent } from "./text-table.ts";

/** How much is measured. */
export type TestStreamOptions = {
  /** Streams for each condition. */
  streams: number;
  /** Of noise, and of speech without a digit. */
  minutes: number;
};

type Row = Omit<StreamErrors, "delaysMs"> & {
  delayMs: Partial<Record<"median" | "p95" | "most", number>>;
  /** The share of errors that the condition aims at. */
  atMost?: number;
};

/** What was measured, by whose voices and condition. */
export type TestStreamReport = {
  speakers: Record<string, Record<string, Row>>;
  falseDigitsPerHour: Record<NegativeKind | "silence", number>;
};

const SEED = 1;
const SILENT_SECONDS = 60;

/**
 * Measures a model.
 *
 * @param model See `loadStreamModel`.
 * @param material From `readStreamTestMaterial`; what it reports on is used.
 * @param options See {@link TestStreamOptions}.
 */
export async function measureTestStreams(
  model: StreamModel,
  { reporting, fsdd }: StreamTestMaterial,
  { streams, minutes }: TestStreamOptions,
): Promise<TestStreamReport> {
  const falsePerHour = async (kind: NegativeKind) =>
    (60 * (await countFalseDigits(model, reporting, kind, { minutes, seed: SEED }))) / minutes;
  return {
    speakers: {
      unseen: await measureAll(model, reporting, streams),
      "FSDD test takes": await measureAll(model, fsdd, streams),
    },
    falseDigitsPerHour: {
      noise: await falsePerHour("noise"),
      speech: await falsePerHour("speech"),
      silence:
        ((await listen(model, new Float32Array(SILENT_SECONDS * 8000))).length * 3600) / SILENT_SECONDS,
    },
  };
}

async function measureAll(
  model: StreamModel,
  material: TestMaterial,
  count: number,
): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  for (const name of Object.keys(STREAM_CONDITIONS) as StreamCondition[]) {
    const { delaysMs, ...errors } = await measureCondition(model, material, name, { count, seed: SEED });
    const [median, p95, most] = [0.5, 0.95, 1].map((share) => quantileOf(delaysMs, share));
    rows[name] = { ...errors, delayMs: { median, p95, most }, atMost: STREAM_CONDITIONS[name].atMost };
  }
  return rows;
}

/** The report as text. @param report Of {@link measureTestStreams}. */
export function formatTestStreamReport(report: TestStreamReport): string {
  const { speakers, falseDigitsPerHour } = report;
  const heading = ["speakers", "condition", "digits", "errors", "aim", "substituted", "missed", "too many"];
  const columns = [...heading, "strings right", "delay ms", "95 of 100"];
  const rows = Object.entries(speakers).flatMap(([whose, conditions]) =>
    Object.entries(conditions).map(([condition, row]) => [whose, condition, ...cellsOf(row)]),
  );
  const alignments = columns.map((_, i): Alignment => (i < 2 ? "left" : "right"));
  const lines = Object.entries(falseDigitsPerHour).map(
    ([kind, count]) => `false digits in an hour of ${kind}: ${count.toFixed(0)}`,
  );
  return [formatTable([columns, ...rows], alignments), "", ...lines].join("\n");
}

function cellsOf(row: Row): string[] {
  return [
    String(row.digits),
    percent(row.digitErrorRate, 1),
    row.atMost === undefined ? "" : percent(row.atMost, 1),
    ...[row.substitutions, row.deletions, row.insertions].map(String),
    percent(row.stringAccuracy, 1),
    milliseconds(row.delayMs.median),
    milliseconds(row.delayMs.p95),
  ];
}

/** There are none where no digit was heard rightly. */
const milliseconds = (delay: number | undefined) => (delay === undefined ? "" : delay.toFixed(0));
