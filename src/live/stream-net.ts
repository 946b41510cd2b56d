// The net that listens to a stream: 2-D convolutions on a log-mel spectrogram that keep its time axis, then 1-D ones along
// it. For each frame of 32 ms it tells which third of which digit's word is heard, or none: the states of a left-to-right
// model, so that the same digit twice is begin-middle-end-begin-middle-end. What is none is told apart: nobody speaks, or
// somebody says something else.

import { add, relu } from "../graph/ops/elementwise.ts";
import { maxPool } from "../graph/ops/pool.ts";
import { reshape, transpose, trim } from "../graph/ops/shape.ts";
import type { Dim, Value } from "../graph/value.ts";
import type { Layers } from "../model/layers.ts";
import type { LogMelOptions } from "../model/log-mel.ts";

/** The spectrogram that the net looks at: frames like those of `compact`, in fewer bands. */
export const STREAM_LOG_MEL: LogMelOptions = {
  nFft: 256,
  winLength: 256,
  hopLength: 128,
  nMels: 40,
  fMin: 50,
  fMax: 4000,
};

/** Samples over which the level is taken before the spectrogram (2.048 s); windows of training have this length. */
export const STREAM_WINDOW = 16384;

/** Samples from one frame of the net's answer to the next (32 ms). */
export const STATE_HOP = 256;

/** The same in ms. */
export const FRAME_MS = 32;

/** Parts of a digit: its beginning, its middle, its end. */
export const STATES_PER_DIGIT = 3;

/** The digit that each word means: "zero" to "nine", and last "oh", which is said for zero and sounds like no other digit. */
export const WORD_DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0] as const;

/** The word "oh" among {@link WORD_DIGITS}. */
export const OH_WORD = 10;

/** HMM states: 0 is none, 1 + 3 w + part is that part of word w. */
export const STATE_COUNT = 1 + WORD_DIGITS.length * STATES_PER_DIGIT;

/** Outputs of the net for a frame: the states, of which 0 is then silence and noise alone, and last other speech. */
export const OUTPUT_COUNT = STATE_COUNT + 1;

/** The output of speech that is no digit; it belongs to state 0. */
export const OTHER_SPEECH = OUTPUT_COUNT - 1;

/**
 * Logarithm of the probability of state 0: of silence or of other speech.
 *
 * @param logProbs Logarithms of the outputs' probabilities, [OUTPUT_COUNT].
 * @param otherPenalty Taken off for other speech; more where nothing but digits is said. Default: 0.
 */
export function noneLogProb(logProbs: Float32Array, otherPenalty = 0): number {
  const [silence, other] = [logProbs[0]!, logProbs[OTHER_SPEECH]! - otherPenalty];
  const most = Math.max(silence, other);
  return most + Math.log1p(Math.exp(Math.min(silence, other) - most));
}

/** The digit that a state is part of. @param state 1..STATE_COUNT - 1. */
export const digitOfState = (state: number): number =>
  WORD_DIGITS[Math.floor((state - 1) / STATES_PER_DIGIT)]!;

/** Kernel lengths along time of the last layers, in frames. */
const TIME_KERNELS = [3, 5, 5, 5, 5] as const;

const CHANNELS = [32, 64, 128, 256] as const;

/** Numbers that go into the last layer. */
export const FEATURE_COUNT = CHANNELS[3];

/** Frames by which the net is late where it runs on a stream: one for each 3x3 convolution after the first, half of each kernel along time. */
export const NET_DELAY = 2 + TIME_KERNELS.reduce((sum, kernel) => sum + (kernel - 1) / 2, 0);

/**
 * Samples on either side of a frame's middle that its answer depends on: in steps of the spectrogram half a frame of the
 * answer, the first convolution, the analysis window; in steps of the answer two more convolutions and those along time.
 */
export const RECEPTIVE_RADIUS =
  STATE_HOP / 2 +
  STREAM_LOG_MEL.hopLength +
  (STREAM_LOG_MEL.winLength - STREAM_LOG_MEL.hopLength) / 2 +
  STATE_HOP * NET_DELAY;

/**
 * Frames that an answer looks ahead less than back: it is about the sound this many frames after the middle of what is
 * seen, so that digits are told sooner.
 */
export const ANSWER_SHIFT = 8;

/** What a net that runs on piece after piece of a stream keeps of the pieces before. */
export type Past = {
  /**
   * Puts what came before a piece in front of it.
   *
   * @param x [..., T], the new frames.
   * @param count Frames of the past.
   * @returns [..., count + T].
   */
  extend(x: Value, count: number): Value;
};

/**
 * Builds the net.
 *
 * @param x [B, 1, nMels, T], T even.
 * @param layers Trained, or to be trained.
 * @param past Of a stream, with B = 1: each row is then that of {@link NET_DELAY} frames before. Default: what is outside of
 * `x` is zeros, and no row is late.
 * @returns Logits [B T/2, OUTPUT_COUNT], the frames of one example after another.
 */
export function buildStreamNet(x: Value, layers: Layers, past?: Past): Value {
  const net: Net = { layers, past };
  let h = pooledConv(net, "1", x, { channels: CHANNELS[0], pool: [2, 2] }); // [B, 32, F/2, T/2]
  h = pooledConv(net, "2", h, { channels: CHANNELS[1], pool: [2, 1] }); //     [B, 64, F/4, T/2]
  h = pooledConv(net, "3", h, { channels: CHANNELS[2], pool: [2, 1] }); //     [B, 128, F/8, T/2]
  const [batch, channels, bands, frames] = h.shape as [number, number, number, Dim];
  h = reshape(h, [batch, channels * bands, 1, frames]); //                     [B, 640, 1, T/2]
  h = relu(pointwise(layers, "4", h, CHANNELS[3])); //                         [B, 256, 1, T/2]
  TIME_KERNELS.forEach((kernel, i) => {
    h = timeBlock(net, String(i + 5), h, kernel);
  });
  const nRows = typeof frames === "number" ? batch * frames : frames;
  const rows = reshape(transpose(h, [0, 3, 1, 2]), [nRows, CHANNELS[3]]); //   [B T/2, 256]
  return layers.dense("states", layers.dropout("dropout", rows, 0.1), OUTPUT_COUNT);
}

type Net = { layers: Layers; past: Past | undefined };

function pooledConv(
  { layers, past }: Net,
  index: string,
  x: Value,
  { channels, pool }: { channels: number; pool: readonly [number, number] },
): Value {
  const convolved = past
    ? layers.conv(`conv${index}`, past.extend(x, 2), { channels, padding: [1, 0] })
    : layers.conv(`conv${index}`, x, { channels });
  return relu(maxPool(layers.batchNorm(`norm${index}`, convolved), pool));
}

function pointwise(layers: Layers, index: string, x: Value, channels: number): Value {
  return layers.batchNorm(`norm${index}`, layers.conv(`conv${index}`, x, { channels, kernel: 1 }));
}

/** A depthwise convolution along time, then one across channels, added to what came in. */
function timeBlock({ layers, past }: Net, index: string, x: Value, kernel: number): Value {
  const channels = Number(x.shape[1]);
  const options = { channels, kernel: [1, kernel] as const, depthwise: true };
  const seen = past ? past.extend(x, kernel - 1) : x;
  const convolved = layers.conv(`conv${index}t`, seen, past ? { ...options, padding: [0, 0] } : options);
  const along = pointwise(layers, index, relu(layers.batchNorm(`norm${index}t`, convolved)), channels);
  const side = (kernel - 1) / 2;
  return relu(add(past ? trim(seen, { axis: 3, before: side, after: side }) : x, along));
}
