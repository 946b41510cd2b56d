// How a stream model does on streams made of clips: every condition, and hours without a digit. A regression test of what
// recordings of people do not have many of; these are measured in listening-report.ts.

import type { StreamModel } from "../live/stream-model.ts";
import type { ClipMaterial, HeldOutClips } from "./clip-stream-material.ts";
import { type ClipStream, type ClipStreamSettings, createClipStreams } from "./clip-streams.ts";
import { makeNegativeStream, type NegativeKind } from "./negative-streams.ts";
import {
  type EmittedDigit,
  listen,
  measureStreamErrors,
  quantileOf,
  type StreamErrors,
} from "./stream-errors.ts";
import { type Alignment, formatTable, percent } from "./text-table.ts";

/** The conditions, each with the share of errors that it aims at, where there is an aim. Three to ten digits in each. */
const STREAM_CONDITIONS = {
  spaced: { settings: { gapMs: [80, 600], snrDb: 20 }, atMost: 0.03 },
  "run together": { settings: { gapMs: [-60, 80], snrDb: 20 }, atMost: 0.08 },
  "loud noise": { settings: { gapMs: [80, 600], snrDb: 5 }, atMost: 0.1 },
  doubled: { settings: { gapMs: [20, 200], snrDb: 20, doubledShare: 0.6 }, atMost: undefined },
  faster: { settings: { gapMs: [20, 300], snrDb: 20, tempo: [1.25, 1.25] }, atMost: undefined },
  "words between": { settings: { gapMs: [80, 600], snrDb: 20, otherWordShare: 0.3 }, atMost: undefined },
} as const satisfies Record<string, { settings: ClipStreamSettings; atMost: number | undefined }>;

/** Name of a condition. */
export type StreamCondition = keyof typeof STREAM_CONDITIONS;

/** Length of one stream without a digit, in seconds. */
const NEGATIVE_SECONDS = 30;

/**
 * Streams of a condition.
 *
 * @param material What they are made from.
 * @param condition Which.
 * @param options.count How many.
 * @param options.seed The same seed gives the same streams.
 */
export function* streamsOf(
  material: ClipMaterial,
  condition: StreamCondition,
  { count, seed }: { count: number; seed: number },
): Generator<ClipStream> {
  const { digits, otherWords, noises } = material;
  const usable = { digits, otherWords: otherWords.length > 0 ? otherWords : asWords(material), noises };
  const make = createClipStreams(usable, STREAM_CONDITIONS[condition].settings, seed);
  for (let i = 0; i < count; i++) yield make(i);
}

/**
 * Streams without a digit, of half a minute each.
 *
 * @param material What they are made from.
 * @param kind Noise or speech.
 * @param options.minutes How long they are together.
 * @param options.seed The same seed gives the same streams.
 */
export function* negativeStreamsOf(
  material: ClipMaterial,
  kind: NegativeKind,
  { minutes, seed }: { minutes: number; seed: number },
): Generator<Float32Array> {
  for (let index = 0; index < (60 * minutes) / NEGATIVE_SECONDS; index++) {
    yield makeNegativeStream(material, { kind, seconds: NEGATIVE_SECONDS, seed, index });
  }
}

/**
 * Measures a model under a condition.
 *
 * @param model See `createRecognizer`.
 * @param material What streams are made from.
 * @param condition Which.
 * @param options.count How many streams.
 * @param options.seed The same seed gives the same streams.
 */
export async function measureCondition(
  model: StreamModel,
  material: ClipMaterial,
  condition: StreamCondition,
  options: { count: number; seed: number },
): Promise<StreamErrors> {
  const heard: { stream: ClipStream; emitted: EmittedDigit[] }[] = [];
  for (const stream of streamsOf(material, condition, options)) {
    heard.push({ stream, emitted: await listen(model, stream.samples) });
  }
  return measureStreamErrors(heard);
}

/**
 * Counts the digits that a model hears where there are none.
 *
 * @param model See `createRecognizer`.
 * @param material What streams are made from.
 * @param kind Noise or speech.
 * @param options.minutes How long to listen.
 * @param options.seed The same seed gives the same streams.
 */
async function countFalseDigits(
  model: StreamModel,
  material: ClipMaterial,
  kind: NegativeKind,
  options: { minutes: number; seed: number },
): Promise<number> {
  let count = 0;
  for (const samples of negativeStreamsOf(material, kind, options))
    count += (await listen(model, samples)).length;
  return count;
}

const asWords = ({ speech }: ClipMaterial) =>
  speech.map((samples) => ({ samples, digit: null, speaker: "anybody" }));

/** How much is measured. */
export type ClipStreamOptions = {
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
export type ClipStreamReport = {
  speakers: Record<string, Record<string, Row>>;
  falseDigitsPerHour: Record<NegativeKind | "silence", number>;
};

const SEED = 1;
const SILENT_SECONDS = 60;

/**
 * Measures a model.
 *
 * @param model See `loadStreamModel`.
 * @param material From `readHeldOutClips`; its test half is used.
 * @param options See {@link ClipStreamOptions}.
 */
export async function measureClipStreams(
  model: StreamModel,
  { test, fsdd }: HeldOutClips,
  { streams, minutes }: ClipStreamOptions,
): Promise<ClipStreamReport> {
  const falsePerHour = async (kind: NegativeKind) =>
    (60 * (await countFalseDigits(model, test, kind, { minutes, seed: SEED }))) / minutes;
  return {
    speakers: {
      unseen: await measureAll(model, test, streams),
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
  material: ClipMaterial,
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

/** The report as text. @param report Of {@link measureClipStreams}. */
export function formatClipStreamReport(report: ClipStreamReport): string {
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
