// Apple Lossless, one channel: adaptive Golomb codes and an adaptive predictor, after ag_dec.c and dp_dec.c of Apple's
// reference decoder (github.com/macosforge/alac, Apache-2.0).

import type { BitReader } from "./bit-reader.ts";

/** How the codes of a track adapt. */
export type RiceSettings = { history: number; multiplier: number; limit: number };

/** What the track's header says. */
export type AlacConfig = { frameLength: number; bitDepth: number; nChannels: number; rice: RiceSettings };

/** What a packet says of one channel. */
export type ChannelCoding = {
  /** Other than 0: the differences are differences again. */
  mode: number;
  shift: number;
  riceFactor: number;
  coefficients: Int16Array;
};

/** Reads a channel's coding from the head of a packet. @param reader At it; left behind it. */
export function readCoding(reader: BitReader): ChannelCoding {
  const [mode, shift, riceFactor, order] = [reader.read(4), reader.read(4), reader.read(3), reader.read(5)];
  const coefficients = new Int16Array(order);
  for (let i = 0; i < order; i++) coefficients[i] = reader.readSigned(16);
  return { mode, shift, riceFactor, coefficients };
}

/**
 * Decodes one channel of a packet.
 *
 * @param reader At the channel's codes; left behind them.
 * @param options.nSamples How many.
 * @param options.width Bits of a sample.
 * @throws {Error} The packet is damaged.
 */
export function decodeChannel(
  reader: BitReader,
  options: { coding: ChannelCoding; nSamples: number; width: number; rice: RiceSettings },
): Int32Array {
  const { coding, nSamples, width, rice } = options;
  const multiplier = (rice.multiplier * coding.riceFactor) >> 2;
  const residual = readResidual(reader, { nSamples, width, rice: { ...rice, multiplier } });
  if (coding.mode !== 0) addUpInPlace(residual, width);
  return predict(residual, coding, width);
}

const HISTORY_SHIFT = 9;
const LONGEST_PREFIX = 9;

// Each code adapts to the mean of those before; where that is small, the number of zeros that follow is coded as well.
function readResidual(
  reader: BitReader,
  { nSamples, width, rice }: { nSamples: number; width: number; rice: RiceSettings },
): Int32Array {
  const { multiplier, limit } = rice;
  const residual = new Int32Array(nSamples);
  let history = rice.history;
  let afterRun = 0;
  for (let i = 0; i < nSamples; ) {
    const k = Math.min(31 - Math.clz32((history >> HISTORY_SHIFT) + 3), limit);
    const folded = readCode(reader, { k, factor: 2 ** k - 1, width }) + afterRun;
    residual[i++] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    history = nextHistory(history, { folded, multiplier, code: folded - afterRun });
    afterRun = 0;
    if (history * 4 < 512 && i < nSamples) {
      const runK = Math.clz32(history) - 24 + ((history + 16) >> 6);
      const run = readCode(reader, { k: runK, factor: (2 ** runK - 1) & (2 ** limit - 1), width: 16 });
      if (i + run > nSamples) throw new Error("more zeros than the packet has samples");
      i += run;
      afterRun = run < 65_535 ? 1 : 0;
      history = 0;
    }
  }
  return residual;
}

function nextHistory(
  history: number,
  { folded, multiplier, code }: { folded: number; multiplier: number; code: number },
): number {
  if (code > 0xffff) return 0xffff;
  return multiplier * folded + history - ((multiplier * history) >> HISTORY_SHIFT);
}

// Ones up to a zero, times a factor, and k bits more; a long row of ones means that the plain number follows.
function readCode(
  reader: BitReader,
  { k, factor, width }: { k: number; factor: number; width: number },
): number {
  const ones = Math.min(Math.clz32(~reader.peek32()), LONGEST_PREFIX);
  if (ones === LONGEST_PREFIX) {
    reader.skip(LONGEST_PREFIX);
    return width <= 32 ? reader.read(width) : reader.read(1) * 2 ** 32 + reader.read(32);
  }
  reader.skip(ones + 1);
  if (k <= 1) return ones * factor;
  const value = reader.peek32() >>> (32 - k);
  // A value of 0 takes a bit less.
  reader.skip(value < 2 ? k - 1 : k);
  return ones * factor + (value < 2 ? 0 : value - 1);
}

function addUpInPlace(samples: Int32Array, width: number): void {
  const unused = 32 - width;
  for (let i = 1; i < samples.length; i++) samples[i] = ((samples[i]! + samples[i - 1]!) << unused) >> unused;
}

// A filter whose coefficients move by one towards what the last difference says.
function predict(residual: Int32Array, { coefficients, shift }: ChannelCoding, width: number): Int32Array {
  const order = coefficients.length;
  if (order === 0) return residual;
  const out = residual.slice();
  if (order === 31) {
    addUpInPlace(out, width);
    return out;
  }
  const unused = 32 - width;
  const half = shift > 0 ? 1 << (shift - 1) : 0;
  for (let i = 1; i <= order && i < out.length; i++) out[i] = ((out[i]! + out[i - 1]!) << unused) >> unused;
  for (let i = order + 1; i < out.length; i++) {
    const top = out[i - order - 1]!;
    let sum = half;
    for (let k = 0; k < order; k++) sum = (sum + Math.imul(coefficients[k]!, out[i - 1 - k]! - top)) | 0;
    out[i] = ((residual[i]! + top + (sum >> shift)) << unused) >> unused;
    adaptInPlace(coefficients, { out, at: i, top, shift, difference: residual[i]! });
  }
  return out;
}

type Adaptation = { out: Int32Array; at: number; top: number; shift: number; difference: number };

function adaptInPlace(coefficients: Int16Array, { out, at, top, shift, difference }: Adaptation): void {
  const order = coefficients.length;
  const direction = Math.sign(difference);
  let left = difference;
  for (let k = order - 1; k >= 0 && left * direction > 0; k--) {
    const distance = top - out[at - 1 - k]!;
    const sign = Math.sign(distance) * direction;
    coefficients[k]! -= sign;
    left -= (order - k) * ((sign * distance) >> shift);
  }
}
