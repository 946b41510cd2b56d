// Band-limited interpolation by a polyphase windowed sinc: J. O. Smith, "Digital Audio Resampling"
// (ccrma.stanford.edu/~jos/resample); the Kaiser window's length and beta after J. F. Kaiser (1974).

import { InvalidArgumentError } from "../errors.ts";

/** The highest sample rate read, in Hz: twice what any converter on sale records. */
export const MAX_SAMPLE_RATE = 768_000;

/** A conversion. */
export type ResampleOptions = {
  /** Hz, a whole number, 1..768000. */
  sourceRate: number;
  /** Hz, a whole number, 100..768000. */
  targetRate: number;
};

/** Converts a stream: the pieces it returns, joined, are what {@link resample} gives for the pieces put in, joined. */
export type Resampler = {
  /**
   * Takes in more input.
   *
   * @param chunk Mono samples at the source rate, finite, of any length. Kept as a copy.
   * @returns The output that is now certain: it lags by half the filter, 5 ms for 8 kHz.
   */
  push(chunk: Float32Array): Float32Array;
  /** The rest of the output, as if silence followed. The resampler then begins anew. */
  flush(): Float32Array;
};

/**
 * Converts a clip to another sample rate. Flat within 0.01 dB up to 0.875 of the lower rate's Nyquist frequency, above
 * that frequency at least 80 dB down; sample n of the output stands at time n / targetRate: no delay.
 *
 * @param samples Mono, finite.
 * @param options.sourceRate Hz, a whole number, 1..768000.
 * @param options.targetRate Hz, a whole number, 100..768000. The source rate itself gives a copy.
 * @returns ceil(samples.length * targetRate / sourceRate) samples.
 * @throws {InvalidArgumentError} A rate is out of range.
 */
export function resample(samples: Float32Array, options: ResampleOptions): Float32Array {
  const resampler = createResampler(options);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  if (tail.length === 0) return head;
  const output = new Float32Array(head.length + tail.length);
  output.set(head);
  output.set(tail, head.length);
  return output;
}

/**
 * Makes a resampler for a stream, the same filter as {@link resample}.
 *
 * @param options.sourceRate Hz, a whole number, 1..768000.
 * @param options.targetRate Hz, a whole number, 100..768000.
 * @throws {InvalidArgumentError} A rate is out of range.
 */
export function createResampler(options: ResampleOptions): Resampler {
  checkRate("sourceRate", options.sourceRate, 1);
  checkRate("targetRate", options.targetRate, 100);
  if (options.sourceRate === options.targetRate) {
    return { push: (chunk) => chunk.slice(), flush: () => new Float32Array(0) };
  }
  return new SincResampler(options);
}

/**
 * Checks a sample rate that was asked for.
 *
 * @param name Of the option, for the message.
 * @param rate Hz.
 * @param lowest Hz.
 * @throws {InvalidArgumentError} It is no whole number, below the lowest, or above 768000.
 */
export function checkRate(name: string, rate: number, lowest: number): void {
  if (Number.isInteger(rate) && rate >= lowest && rate <= MAX_SAMPLE_RATE) return;
  throw new InvalidArgumentError(
    `resample: ${name} must be a whole number of Hz in ${lowest}..${MAX_SAMPLE_RATE}, got ${rate}`,
  );
}

const PASSBAND = 0.875; // of the lower Nyquist frequency
const STOPBAND_DB = 85;
const KAISER_BETA = 0.1102 * (STOPBAND_DB - 8.7);
const KAISER_PEAK = besselI0(KAISER_BETA);
// Half the filter, in samples at the lower rate.
const HALF_WIDTH = (STOPBAND_DB - 7.95) / (2 * 2.285 * Math.PI * (1 - PASSBAND));
// Rates with a longer common period than this get a filter stored at this many points a sample of the lower rate, and
// interpolated between them (error below -100 dB).
const MAX_EXACT_PERIOD = 640;

class SincResampler implements Resampler {
  // Output n stands at input position n * down / up, in lowest terms.
  readonly #up: number;
  readonly #down: number;
  readonly #bank: FilterBank;
  // Input still needed; #pending[0] is input sample #pendingStart. As doubles, like the taps: each is read hundreds of times.
  #pending = new Float64Array(0);
  #pendingStart = 0;
  #nOutput = 0;

  constructor({ sourceRate, targetRate }: ResampleOptions) {
    const divisor = greatestCommonDivisor(sourceRate, targetRate);
    this.#up = targetRate / divisor;
    this.#down = sourceRate / divisor;
    this.#bank = filterBank(this.#up, this.#down);
  }

  push(chunk: Float32Array): Float32Array {
    this.#append(chunk);
    const nInput = this.#pendingStart + this.#pending.length;
    // The last output whose filter ends before nInput.
    const nReady = Math.floor(((nInput - this.#bank.half) * this.#up - 1) / this.#down) + 1;
    return this.#emit(Math.max(this.#nOutput, nReady));
  }

  flush(): Float32Array {
    const nInput = this.#pendingStart + this.#pending.length;
    const output = this.#emit(Math.ceil((nInput * this.#up) / this.#down));
    this.#pending = new Float64Array(0);
    this.#pendingStart = 0;
    this.#nOutput = 0;
    return output;
  }

  #append(chunk: Float32Array): void {
    const firstNeeded = Math.floor((this.#nOutput * this.#down) / this.#up) - this.#bank.half + 1;
    const nDrop = Math.max(0, Math.min(this.#pending.length, firstNeeded - this.#pendingStart));
    const kept = this.#pending.subarray(nDrop);
    const joined = new Float64Array(kept.length + chunk.length);
    joined.set(kept);
    joined.set(chunk, kept.length);
    this.#pending = joined;
    this.#pendingStart += nDrop;
  }

  #emit(end: number): Float32Array {
    const output = new Float32Array(end - this.#nOutput);
    for (let i = 0; i < output.length; i++) {
      const position = (this.#nOutput + i) * this.#down;
      const whole = Math.floor(position / this.#up);
      const first = whole - this.#bank.half + 1 - this.#pendingStart;
      output[i] = interpolate(this.#bank, this.#pending, {
        first,
        fraction: (position - whole * this.#up) / this.#up,
      });
    }
    this.#nOutput = end;
    return output;
  }
}

// Row p holds the filter for an output p / nPhases after an input sample; row nPhases is row 0 shifted by one.
type FilterBank = { taps: Float64Array; nTaps: number; half: number; nPhases: number };

// A bank takes as long to compute as a second of sound to convert; a program meets few pairs of rates.
const MAX_BANKS = 8;
const banks = new Map<string, FilterBank>();

function filterBank(up: number, down: number): FilterBank {
  const key = `${up}/${down}`;
  const bank = banks.get(key) ?? createFilterBank(up, down);
  if (banks.size >= MAX_BANKS) banks.clear();
  banks.set(key, bank);
  return bank;
}

function createFilterBank(up: number, down: number): FilterBank {
  const stretch = Math.max(1, down / up);
  const half = Math.ceil(HALF_WIDTH * stretch);
  const nTaps = 2 * half;
  const nPhases = Math.max(up, down) <= MAX_EXACT_PERIOD ? up : Math.ceil(MAX_EXACT_PERIOD / stretch);
  const cutoff = (1 + PASSBAND) / 2 / stretch; // of the input's Nyquist frequency
  const taps = new Float32Array((nPhases + 1) * nTaps);
  for (let phase = 0; phase <= nPhases; phase++) {
    const row = taps.subarray(phase * nTaps, (phase + 1) * nTaps);
    let sum = 0;
    for (let k = 0; k < nTaps; k++) {
      const distance = k - half + 1 - phase / nPhases;
      row[k] = sinc(cutoff * distance) * kaiser(distance / half);
      sum += row[k]!;
    }
    for (let k = 0; k < nTaps; k++) row[k]! /= sum;
  }
  return { taps: Float64Array.from(taps), nTaps, half, nPhases };
}

function interpolate(bank: FilterBank, input: Float64Array, at: { first: number; fraction: number }): number {
  const phase = at.fraction * bank.nPhases;
  const row = Math.floor(phase);
  const between = phase - row;
  const lower = dotProduct(bank, input, { row, first: at.first });
  // Phases that fall on a row, up to rounding, need no second product.
  if (between < 1e-9) return lower;
  return lower + between * (dotProduct(bank, input, { row: row + 1, first: at.first }) - lower);
}

function dotProduct(bank: FilterBank, input: Float64Array, at: { row: number; first: number }): number {
  const { taps, nTaps } = bank;
  const begin = Math.max(0, -at.first);
  const end = Math.min(nTaps, input.length - at.first);
  const offset = at.row * nTaps;
  // Four sums, or each addition would wait for the one before.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = begin;
  for (let i = offset + k, j = at.first + k; k + 3 < end; k += 4, i += 4, j += 4) {
    a += taps[i]! * input[j]!;
    b += taps[i + 1]! * input[j + 1]!;
    c += taps[i + 2]! * input[j + 2]!;
    d += taps[i + 3]! * input[j + 3]!;
  }
  for (; k < end; k++) a += taps[offset + k]! * input[at.first + k]!;
  return a + b + (c + d);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / KAISER_PEAK;
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
