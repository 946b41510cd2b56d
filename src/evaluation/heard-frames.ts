// Recordings after the net: it runs once, and then any settings of a way of listening find digits in its output.

import type { Decoding, Expectation, ListeningSettings } from "../live/decoding.ts";
import {
  createDigitDecoder,
  type DecodedDigit,
  type DecoderSettings,
  sureness,
} from "../live/digit-decoder.ts";
import { FIRST_FRAME_START, FRAMES_PER_RUN, type StreamFrame } from "../live/frame-stream.ts";
import { describeDigit } from "../live/listener.ts";
import { bestStrings } from "../live/n-best.ts";
import { createNumberTracker } from "../live/number-tracker.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { FRAME_MS } from "../live/stream-net.ts";
import type { ListeningRecording } from "./listening-material.ts";
import type { ListeningSets, Said } from "./listening-report.ts";
import { delaysOf, digitsOf } from "./stream-errors.ts";

/** A recording and the net's output for each of its frames. */
export type HeardRecording = Said & Pick<ListeningRecording, "spoken"> & { frames: readonly StreamFrame[] };

/** A string as it was found, and whether it is right: what a calibration learns from. */
export type StringOutcome = { margin: number; confidences: readonly number[]; isRight: boolean };

/**
 * Runs the net over all recordings.
 *
 * @param model See `loadStreamModel`.
 * @param sets From `readListeningMaterial`.
 */
export async function hearFrames(
  model: StreamModel,
  sets: ListeningSets<ListeningRecording>,
): Promise<ListeningSets<HeardRecording>> {
  const heard: ListeningSets<HeardRecording> = { numbers: {}, negatives: {} };
  for (const kind of ["numbers", "negatives"] as const) {
    for (const [set, recordings] of Object.entries(sets[kind])) {
      const ofSet: HeardRecording[] = [];
      for (const { samples, ...said } of recordings)
        ofSet.push({ ...said, frames: await framesOf(model, samples) });
      heard[kind][set] = ofSet;
    }
  }
  return heard;
}

/** The frames of a recording. @param model See `loadStreamModel`. @param samples At the model's rate. */
export async function framesOf(model: StreamModel, samples: Float32Array): Promise<StreamFrame[]> {
  const stream = model.openFrames();
  return [...(await stream.push(samples)), ...(await stream.end())];
}

/**
 * The digits that a way of listening finds, as a string.
 *
 * @param recording See {@link HeardRecording}.
 * @param expect The way of listening.
 * @param decoding Its settings.
 */
export function digitsIn(recording: HeardRecording, expect: Expectation, decoding: Decoding): string {
  const { frames } = recording;
  const decided = decode(frames, decoding[expect]);
  if (expect !== "numbers") return digitsOf(sureOnes(decided.flat(), decoding[expect]));
  const tracker = createNumberTracker(decoding.numbers);
  const firm = frames.flatMap(({ levelDb }, frame) => tracker.push(levelDb, decided[frame]!).firm);
  return digitsOf([...firm, ...tracker.end(decided.at(-1)!).firm]);
}

/**
 * How late the digits of a stream made of clips are emitted where every single digit counts.
 *
 * @param recording With the times of its digits.
 * @param decoding The settings of `any` are used.
 * @returns Milliseconds of audio from the end of each digit found rightly to its event.
 */
export function delaysIn(recording: HeardRecording, decoding: Decoding): number[] {
  const { frames, spoken, durationMs } = recording;
  const { any } = decoding;
  const toMs = (frame: number) => frame * FRAME_MS + FIRST_FRAME_START / 8;
  const told = decode(frames, any).flatMap((digits, frame) => {
    // Frames come by runs of the net, each with the last sample that it needs.
    const needed = (Math.floor(frame / FRAMES_PER_RUN) + 1) * FRAMES_PER_RUN * FRAME_MS;
    const emittedMs = Math.min(needed, durationMs);
    return sureOnes(digits, any).map((digit) => ({ ...describeDigit(digit, toMs), emittedMs }));
  });
  return delaysOf(spoken ?? [], told);
}

/**
 * The strings found in recordings of digits alone, expecting digits, with what tells whether they are right.
 *
 * @param recordings Of dev speakers.
 * @param decoding The settings.
 */
export function stringOutcomes(recordings: readonly HeardRecording[], decoding: Decoding): StringOutcome[] {
  return recordings.map(({ frames, digits: spoken }) => {
    const digits = decode(frames, decoding.digits).flat();
    const heard = digitsOf(digits);
    const rows = frames.map(({ logProbs }) => logProbs);
    const strings = bestStrings(rows, decoding.digits, { count: 2 });
    const own = strings.find((string) => string.digits === heard);
    const other = strings.find((string) => string !== own);
    const margin = own ? Math.max(0, own.score - (other?.score ?? -Infinity)) : 0;
    const confidences = digits.map(({ digit, probs }) => probs[digit]!);
    return { margin, confidences, isRight: heard === spoken };
  });
}

const sureOnes = (digits: readonly DecodedDigit[], settings: ListeningSettings) =>
  digits.filter((digit) => sureness(digit, settings) >= settings.threshold);

/** What a digit decoder decides on at each frame, and last at the end. The last settings' are kept, for many share them. */
function decode(frames: readonly StreamFrame[], settings: DecoderSettings): DecodedDigit[][] {
  const { digitBias, endBias, digitPenalty, otherPenalty, minFrames, lookahead, beam } = settings;
  const key = [digitBias, endBias, digitPenalty, otherPenalty, minFrames, lookahead, beam].join();
  const known = lastDecoded.get(frames);
  if (known?.key === key) return known.decided;
  const decoder = createDigitDecoder(settings);
  const decided = [...frames.map(({ logProbs }) => decoder.push(logProbs)), decoder.end()];
  lastDecoded.set(frames, { key, decided });
  return decided;
}

const lastDecoded = new WeakMap<readonly StreamFrame[], { key: string; decided: DecodedDigit[][] }>();
