// Band-limited interpolation by a polyphase windowed sinc: J. O. Smith, "Digital Audio Resampling"
// (ccrma.stanford.edu/~jos/resample). A high rate is divided before, as far as a short filter can:
// R. E. Crochiere and L. R. Rabiner, "Interpolation and Decimation of Digital Signals" (1981).

import { InvalidArgumentError } from "../errors.ts";
import { kaiserBeta, kaiserHalfWidth, lowPassTaps } from "./kaiser-window.ts";

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
   * @returns The output that is now certain: it lags by half the filters, 6 ms for 8 kHz.
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
  const output = new Float32Array(outputLength(samples.length, options));
  let end = 0;
  for (let start = 0; start < samples.length; start += PIECE) {
    const piece = resampler.push(samples.subarray(start, start + PIECE));
    output.set(piece, end);
    end += piece.length;
  }
  output.set(resampler.flush(), end);
  return output;
}

/** Samples of a clip that are converted together: what lies between the stages stays in the caches. */
const PIECE = 4096;

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
  return new StagedResampler(options);
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

// What passes and what is stopped, as shares of the lower Nyquist frequency.
type Edges = { pass: number; stop: number; stopbandDb: number };
const SHARP: Edges = { pass: 0.875, stop: 1, stopbandDb: 85 };
// Rates with a longer common period than this get a filter stored at this many points a sample of the lower rate, and
// interpolated between them (error below -100 dB).
const MAX_EXACT_PERIOD = 640;
// A rate is divided as far as leaves this many times the target rate.
const LEAST_RATIO = 1.5;

const outputLength = (nInput: number, { sourceRate, targetRate }: ResampleOptions) =>
  Math.ceil((nInput * targetRate) / sourceRate);

class StagedResampler implements Resampler {
  readonly #options: ResampleOptions;
  #stages: SincStage[] = [];
  // Silence to the end of all filters: the last one is the longest.
  #nSilent = 0;
  #nInput = 0;
  #nOutput = 0;

  constructor(options: ResampleOptions) {
    this.#options = options;
    this.#begin();
  }

  push(chunk: Float32Array): Float32Array {
    this.#nInput += chunk.length;
    const output = this.#convert(chunk);
    this.#nOutput += output.length;
    return output;
  }

  flush(): Float32Array {
    const nRest = outputLength(this.#nInput, this.#options) - this.#nOutput;
    const rest = this.#convert(new Float32Array(this.#nSilent)).slice(0, nRest);
    this.#begin();
    return rest;
  }

  #begin(): void {
    const { sourceRate, targetRate } = this.#options;
    const divisor = Math.max(1, Math.floor(sourceRate / (LEAST_RATIO * targetRate)));
    const sharp = filterBank(sourceRate, targetRate * divisor, SHARP);
    this.#stages = [new SincStage(sharp)];
    [this.#nInput, this.#nOutput] = [0, 0];
    this.#nSilent = 2 * divisor * sharp.half;
    if (divisor === 1) return;
    // Stopped is what would fold into the band that the sharp filter passes.
    const pass = (targetRate * divisor) / sourceRate;
    const divider = filterBank(divisor, 1, { pass, stop: 2 - pass, stopbandDb: 95 });
    // It rings before the first sample as well.
    this.#stages = [new SincStage(divider), new SincStage(sharp, sharp.half)];
    this.#convert(new Float32Array(divisor * sharp.half));
  }

  #convert(chunk: Float32Array): Float32Array {
    return this.#stages.reduce((samples, stage) => stage.push(samples), chunk);
  }
}

/** One conversion of a stream. */
class SincStage {
  readonly #bank: FilterBank;
  // Input still needed; #pending[0] is input sample #pendingStart. As doubles, like the taps: each is read many times.
  #pending: Float64Array;
  #nPending: number;
  #pendingStart: number;
  #nOutput = 0;

  /** @param lead Samples that come before that at which the first output stands; silence lies before them. */
  constructor(bank: FilterBank, lead = 0) {
    this.#bank = bank;
    this.#pending = new Float64Array(2 * bank.half);
    this.#nPending = bank.half;
    this.#pendingStart = -lead - bank.half;
  }

  push(chunk: Float32Array): Float32Array {
    const { up, down, half } = this.#bank;
    this.#append(chunk);
    const nInput = this.#pendingStart + this.#nPending;
    // The last output whose filter ends before nInput.
    const nReady = Math.floor(((nInput - half) * up - 1) / down) + 1;
    const output = new Float32Array(Math.max(0, nReady - this.#nOutput));
    for (let i = 0; i < output.length; i++) {
      // Output n stands at input position n * down / up.
      const position = (this.#nOutput + i) * down;
      const whole = Math.floor(position / up);
      const first = whole - half + 1 - this.#pendingStart;
      output[i] = interpolate(this.#bank, this.#pending, { first, fraction: (position - whole * up) / up });
    }
    this.#nOutput += output.length;
    return output;
  }

  #append(chunk: Float32Array): void {
    const { up, down, half } = this.#bank;
    const firstNeeded = Math.floor((this.#nOutput * down) / up) - half + 1;
    const nDrop = Math.max(0, Math.min(this.#nPending, firstNeeded - this.#pendingStart));
    const kept = this.#pending.subarray(nDrop, this.#nPending);
    this.#nPending = kept.length + chunk.length;
    if (this.#nPending > this.#pending.length) this.#pending = new Float64Array(2 * this.#nPending);
    this.#pending.set(kept);
    this.#pending.set(chunk, kept.length);
    this.#pendingStart += nDrop;
  }
}

// For up / down outputs an input sample, in lowest terms. Row p of the taps holds the filter for an output p / nPhases after
// an input sample; row nPhases is row 0 shifted by one.
type FilterBank = { up: number; down: number; taps: Float64Array; half: number; nPhases: number };

// A bank takes as long to compute as a second of sound to convert; a program meets few pairs of rates.
const MAX_BANKS = 8;
const banks = new Map<string, FilterBank>();

function filterBank(sourceRate: number, targetRate: number, edges: Edges): FilterBank {
  const divisor = greatestCommonDivisor(sourceRate, targetRate);
  const [up, down] = [targetRate / divisor, sourceRate / divisor];
  const key = `${up}/${down}/${edges.pass}`;
  const bank = banks.get(key) ?? createFilterBank(up, down, edges);
  if (banks.size >= MAX_BANKS) banks.clear();
  banks.set(key, bank);
  return bank;
}

function createFilterBank(up: number, down: number, { pass, stop, stopbandDb }: Edges): FilterBank {
  const stretch = Math.max(1, down / up);
  const half = 2 * Math.ceil(kaiserHalfWidth(stopbandDb, (stop - pass) / stretch) / 2); // even, for sums of four
  const nPhases = Math.max(up, down) <= MAX_EXACT_PERIOD ? up : Math.ceil(MAX_EXACT_PERIOD / stretch);
  const filter = { cutoff: (pass + stop) / 2 / stretch, halfWidth: half, beta: kaiserBeta(stopbandDb) };
  const taps = new Float64Array((nPhases + 1) * 2 * half);
  for (let phase = 0; phase <= nPhases; phase++) {
    taps.set(lowPassTaps(phase / nPhases, filter), phase * 2 * half);
  }
  return { up, down, taps, half, nPhases };
}

function interpolate(bank: FilterBank, input: Float64Array, at: { first: number; fraction: number }): number {
  const phase = at.fraction * bank.nPhases;
  const row = Math.floor(phase);
  const between = phase - row;
  const lower = dotProduct(bank, row, input, at.first);
  // Phases that fall on a row, up to rounding, need no second product.
  if (between < 1e-9) return lower;
  return lower + between * (dotProduct(bank, row + 1, input, at.first) - lower);
}

function dotProduct({ taps, half }: FilterBank, row: number, input: Float64Array, first: number): number {
  // Four sums, or each addition would wait for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  const end = (row + 1) * 2 * half;
  for (let i = end - 2 * half, j = first; i < end; i += 4, j += 4) {
    a += taps[i]! * input[j]!;
    b += taps[i + 1]! * input[j + 1]!;
    c += taps[i + 2]! * input[j + 2]!;
    d += taps[i + 3]! * input[j + 3]!;
  }
  return a + b + (c + d);
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);
