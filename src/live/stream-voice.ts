// A speaker's voice in streams: what their own takes change in the net's outputs, frame by frame, near the frames of their digits.

import { createDcBlocker } from "../audio/offset-and-tones.ts";
import { resample } from "../audio/resample.ts";
import { fitWeights } from "../model/fit-weights.ts";
import type { LabelledTake } from "../model/teach-voice.ts";
import {
  addNearbyInPlace,
  MAX_VOICE_STATES,
  nearnessOf,
  type StreamVoice,
  unitVector,
  type WeightedPlace,
} from "../model/voice-profile.ts";
import { alignWords } from "./align-words.ts";
import { noneLogProb, OTHER_SPEECH, STATES_PER_DIGIT, WORD_DIGITS } from "./stream-net.ts";

/** What the net makes of a frame. */
export type HeardFrame = {
  /** Logarithms of the outputs' probabilities, [OUTPUT_COUNT]. */
  logProbs: Float32Array;
  /** What goes into the last layer. */
  features: Float32Array;
};

/** How a voice is fitted. */
type StreamVoiceFit = {
  /** See {@link StreamVoice}. */
  reach: number;
  /** See {@link StreamVoice}. */
  caution: number;
  /** Of the squared weights, > 0. */
  penalty: number;
};

// docs/notebook/2026-11-29-voices.md
const CHOSEN_FIT: StreamVoiceFit = { reach: 0.5, caution: 1, penalty: 0.0003 };
const STEPS = 60;
/** The outputs that together are none. */
const NONE_OUTPUTS = [0, OTHER_SPEECH];
/** Frames of none that are learnt from, on either side of a digit. */
const AROUND = 8;

/**
 * Changes the outputs of a frame by a voice. Near a state of its digits none is made a little likelier as well, for other speech comes
 * near to them too.
 *
 * @param frame.logProbs Changed.
 * @param frame.features What went into the last layer.
 * @param voice.states Of a voice of the same model.
 * @param voice.reach Of the same voice.
 * @param voice.caution Of the same voice.
 */
export function applyVoiceInPlace(
  { logProbs, features }: HeardFrame,
  { states, reach, caution = 0 }: StreamVoice,
): void {
  if (!addNearbyInPlace(logProbs, unitVector(features), { places: states, reach })) return;
  for (const none of NONE_OUTPUTS) logProbs[none]! += caution;
  const most = logProbs.reduce((highest, value) => Math.max(highest, value), -Infinity);
  const total = most + Math.log(logProbs.reduce((sum, value) => sum + Math.exp(value - most), 0));
  for (let k = 0; k < logProbs.length; k++) logProbs[k]! -= total;
}

/**
 * Learns a voice.
 *
 * @param takes What the net makes of each take, frame by frame, and its digit.
 * @param fit.reach See {@link StreamVoiceFit}. Default: as chosen by measurement.
 * @param fit.caution As well.
 * @param fit.penalty As well.
 * @returns Null where no take's word fits into its frames.
 */
export function fitStreamVoice(
  takes: readonly { label: number; frames: readonly HeardFrame[] }[],
  { reach, caution, penalty }: StreamVoiceFit = CHOSEN_FIT,
): Pick<StreamVoice, "reach" | "caution" | "states"> | null {
  const known = takes.slice(0, MAX_VOICE_STATES / STATES_PER_DIGIT).map(knownFrames);
  const places = known.flatMap(placesOf);
  if (places.length === 0) return null;
  const examples = known.flat().map(({ logProbs, direction, state }) => ({
    logits: logProbs,
    nearness: places.map((place) => nearnessOf(place, direction, reach)),
    right: state === 0 ? NONE_OUTPUTS : [state],
  }));
  const weights = fitWeights(examples, { penalty, steps: STEPS });
  const states: WeightedPlace[] = places.map((place, i) => ({
    features: place.map((value) => Number(value.toFixed(3))),
    weights: weights[i]!,
  }));
  return { reach, caution, states };
}

type KnownFrame = { logProbs: Float32Array; direction: number[]; state: number };

/** The frames of a take's word and those around it, by forced alignment; "zero" may be "oh". */
function knownFrames({ label, frames }: { label: number; frames: readonly HeardFrame[] }): KnownFrame[] {
  const rows = frames.map(({ logProbs }) => logProbs);
  const score = (path: readonly number[]) =>
    path.reduce((sum, state, t) => sum + (state === 0 ? noneLogProb(rows[t]!) : rows[t]![state]!), 0);
  const paths = WORD_DIGITS.flatMap((digit, word) => {
    const path = digit === label ? alignWords([{ word, first: 0, end: rows.length }], rows) : undefined;
    return path ? [path] : [];
  });
  const [path] = paths.sort((a, b) => score(b) - score(a));
  if (!path) return [];
  const first = path.findIndex((state) => state > 0) - AROUND;
  const end = path.findLastIndex((state) => state > 0) + 1 + AROUND;
  return frames.flatMap(({ logProbs, features }, t) =>
    t < first || t >= end ? [] : [{ logProbs, direction: unitVector(features), state: path[t]! }],
  );
}

/** The middle of the frames of each state. */
function placesOf(known: readonly KnownFrame[]): number[][] {
  const states = [...new Set(known.map(({ state }) => state))].filter((state) => state > 0);
  return states.map((state) => {
    const own = known.filter((frame) => frame.state === state);
    return unitVector(
      own[0]!.direction.map((_, i) => own.reduce((sum, { direction }) => sum + direction[i]!, 0)),
    );
  });
}

/** Silence after a take, so that all of it is heard, in seconds. */
const AFTER_TAKE = 0.5;

/** A take as a stream hears it. @param take Mono, at any rate. @param sampleRate Of the stream, Hz. */
export function asStream(take: LabelledTake, sampleRate: number): Float32Array {
  const samples = resample(take.samples, { sourceRate: take.sampleRate, targetRate: sampleRate });
  const longer = new Float32Array(samples.length + AFTER_TAKE * sampleRate);
  longer.set(createDcBlocker(sampleRate)(samples));
  return longer;
}
