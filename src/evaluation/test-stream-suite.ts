// What a stream model is measured by: streams of digits under several conditions, and an hour without a digit.

import type { StreamModel } from "../live/stream-model.ts";
import { type EmittedDigit, listen, measureStreamErrors, type StreamErrors } from "./test-stream-errors.ts";
import type { TestMaterial } from "./test-stream-material.ts";
import { makeNegativeStream, type NegativeKind } from "./test-stream-negatives.ts";
import { createTestStreams, type TestStream, type TestStreamSettings } from "./test-streams.ts";

/** The conditions, each with the share of errors that it aims at, where there is an aim. Three to ten digits in each. */
export const STREAM_CONDITIONS = {
  spaced: { settings: { gapMs: [80, 600], snrDb: 20 }, atMost: 0.03 },
  "run together": { settings: { gapMs: [-60, 80], snrDb: 20 }, atMost: 0.08 },
  "loud noise": { settings: { gapMs: [80, 600], snrDb: 5 }, atMost: 0.1 },
  doubled: { settings: { gapMs: [20, 200], snrDb: 20, doubledShare: 0.6 }, atMost: undefined },
  faster: { settings: { gapMs: [20, 300], snrDb: 20, tempo: [1.25, 1.25] }, atMost: undefined },
  "words between": { settings: { gapMs: [80, 600], snrDb: 20, otherWordShare: 0.3 }, atMost: undefined },
} as const satisfies Record<string, { settings: TestStreamSettings; atMost: number | undefined }>;

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
  material: TestMaterial,
  condition: StreamCondition,
  { count, seed }: { count: number; seed: number },
): Generator<TestStream> {
  const { digits, otherWords, noises } = material;
  const usable = { digits, otherWords: otherWords.length > 0 ? otherWords : asWords(material), noises };
  const make = createTestStreams(usable, STREAM_CONDITIONS[condition].settings, seed);
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
  material: TestMaterial,
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
  material: TestMaterial,
  condition: StreamCondition,
  options: { count: number; seed: number },
): Promise<StreamErrors> {
  const heard: { stream: TestStream; emitted: EmittedDigit[] }[] = [];
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
export async function countFalseDigits(
  model: StreamModel,
  material: TestMaterial,
  kind: NegativeKind,
  options: { minutes: number; seed: number },
): Promise<number> {
  let count = 0;
  for (const samples of negativeStreamsOf(material, kind, options))
    count += (await listen(model, samples)).length;
  return count;
}

const asWords = ({ speech }: TestMaterial) =>
  speech.map((samples) => ({ samples, digit: null, speaker: "anybody" }));
