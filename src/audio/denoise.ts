// A Wiener filter whose signal-to-noise ratio is estimated "decision-directed": Y. Ephraim and D. Malah, "Speech
// enhancement using a minimum mean-square error short-time spectral amplitude estimator", IEEE Trans. ASSP 32 (1984).
// The noise spectrum is a low quantile over time: V. Stahl, A. Fischer and R. Bippus, "Quantile based noise estimation
// for spectral subtraction and Wiener filtering", ICASSP 2000.

import { InvalidArgumentError } from "../errors.ts";
import { createRealFft, type RealFft } from "./fft.ts";

/** Settings of {@link denoise}. */
export type DenoiseOptions = {
  /** Hz, 1000..768000. */
  sampleRate: number;
  /** Noise is lowered by at most this, in dB, >= 0. Default: 25. More makes what is left of it sound like chirps. */
  maxReductionDb?: number;
};

const FRAME_MS = 32;
const HOPS_PER_FRAME = 4;
// A word fills most of a short clip: the quietest fifth of each band's frames is room, the rest may be speech.
const NOISE_QUANTILE = 0.2;
// From that quantile, after smoothing over nine values, to the mean of the noise; then a margin against leftovers.
const QUANTILE_TO_MEAN = 2;
const NOISE_MARGIN = 1.3;
// Weight of the frame before in the estimate of the signal-to-noise ratio.
const SMOOTHING = 0.96;
const TINY_POWER = 1e-20;

/**
 * Lowers steady noise: fans, rain, hum, hiss. The same input gives the same output.
 *
 * @param samples Mono, finite. Noise alone at some moment, a third of a second say, helps.
 * @param options See {@link DenoiseOptions}.
 * @returns As many samples, finite. A clip shorter than 8 frames of 32 ms is too short to tell noise from speech by and
 *   comes back as a copy.
 * @throws {InvalidArgumentError} An option is out of range, or a sample is NaN or infinite.
 */
export function denoise(samples: Float32Array, options: DenoiseOptions): Float32Array {
  const { sampleRate, maxReductionDb = 25 } = options;
  checkOptions(samples, { sampleRate, maxReductionDb });
  const nFft = 2 ** Math.round(Math.log2((FRAME_MS / 1000) * sampleRate));
  if (samples.length < 8 * nFft) return samples.slice();
  const transform = new Transform(nFft);
  // Zeros all around, so that each sample lies in the same number of frames.
  const padded = new Float32Array(samples.length + 2 * nFft);
  padded.set(samples, nFft);
  const noise = estimateNoise(powers(padded, transform));
  return filter(padded, transform, { noise, minGain: 10 ** (-maxReductionDb / 20) }).subarray(
    nFft,
    nFft + samples.length,
  );
}

function checkOptions(samples: Float32Array, options: Required<DenoiseOptions>): void {
  const { sampleRate, maxReductionDb } = options;
  if (!(sampleRate >= 1000 && sampleRate <= 768_000)) {
    throw new InvalidArgumentError(`denoise: sampleRate must be in 1000..768000 Hz, got ${sampleRate}`);
  }
  if (!(maxReductionDb >= 0)) {
    throw new InvalidArgumentError(`denoise: maxReductionDb must be >= 0, got ${maxReductionDb}`);
  }
  const bad = samples.findIndex((sample) => !Number.isFinite(sample));
  if (bad >= 0) throw new InvalidArgumentError(`denoise: sample ${bad} is ${samples[bad]}`);
}

// Frames of a clip to spectra and back, with a square-root Hann window both ways.
class Transform {
  readonly nFft: number;
  readonly hopLength: number;
  readonly nBins: number;
  // Interleaved real and imaginary parts of the current frame.
  readonly spectrum: Float32Array;
  readonly #fft: RealFft;
  readonly #window: Float64Array;
  readonly #frame: Float32Array;

  constructor(nFft: number) {
    this.nFft = nFft;
    this.hopLength = nFft / HOPS_PER_FRAME;
    this.nBins = nFft / 2 + 1;
    this.#fft = createRealFft(nFft);
    this.#window = Float64Array.from({ length: nFft }, (_, i) => Math.sin((Math.PI * i) / nFft));
    this.#frame = new Float32Array(nFft);
    this.spectrum = new Float32Array(nFft + 2);
  }

  nFrames(padded: Float32Array): number {
    return Math.floor((padded.length - this.nFft) / this.hopLength) + 1;
  }

  analyseInPlace(padded: Float32Array, frame: number): void {
    const start = frame * this.hopLength;
    for (let i = 0; i < this.nFft; i++) this.#frame[i] = padded[start + i]! * this.#window[i]!;
    this.#fft.forwardInto(this.#frame, this.spectrum);
  }

  // Squared windows of a quarter frame's hop add up to HOPS_PER_FRAME / 2.
  overlapAddInPlace(output: Float32Array, frame: number): void {
    this.#fft.inverseInto(this.spectrum, this.#frame);
    const start = frame * this.hopLength;
    for (let i = 0; i < this.nFft; i++) {
      output[start + i]! += (this.#frame[i]! * this.#window[i]!) / (HOPS_PER_FRAME / 2);
    }
  }
}

// Power of each band in each frame that lies within the clip, [K, T]: a band's history in one piece.
function powers(padded: Float32Array, transform: Transform): Float32Array[] {
  const first = HOPS_PER_FRAME;
  const nFrames = transform.nFrames(padded) - 2 * HOPS_PER_FRAME;
  const bands = Array.from({ length: transform.nBins }, () => new Float32Array(nFrames));
  for (let frame = 0; frame < nFrames; frame++) {
    transform.analyseInPlace(padded, first + frame);
    for (let k = 0; k < bands.length; k++) bands[k]![frame] = binPower(transform.spectrum, k);
  }
  return bands;
}

function binPower(spectrum: Float32Array, k: number): number {
  return spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2;
}

function estimateNoise(bands: readonly Float32Array[]): Float64Array {
  return Float64Array.from(bands, (_, k) => {
    const smoothed = smoothedHistory(bands, k).sort();
    const quantile = smoothed[Math.floor(NOISE_QUANTILE * (smoothed.length - 1))]!;
    return QUANTILE_TO_MEAN * NOISE_MARGIN * quantile + TINY_POWER;
  });
}

// The mean over three bands and three frames, every second one: neighbours overlap by three quarters.
function smoothedHistory(bands: readonly Float32Array[], k: number): Float32Array {
  const around = bands.slice(Math.max(0, k - 1), k + 2);
  return bands[k]!.map((_, frame, { length }) => {
    let sum = 0;
    let n = 0;
    for (let t = Math.max(frame % 2, frame - 2); t <= Math.min(length - 1, frame + 2); t += 2) {
      for (const band of around) sum += band[t]!;
      n += around.length;
    }
    return sum / n;
  });
}

function filter(
  padded: Float32Array,
  transform: Transform,
  options: { noise: Float64Array; minGain: number },
): Float32Array {
  const { noise, minGain } = options;
  const output = new Float32Array(padded.length);
  // What the frame before let through, in units of the noise.
  const passed = new Float64Array(transform.nBins);
  for (let frame = 0; frame < transform.nFrames(padded); frame++) {
    transform.analyseInPlace(padded, frame);
    for (let k = 0; k < transform.nBins; k++) {
      const posterior = binPower(transform.spectrum, k) / noise[k]!;
      const prior = SMOOTHING * passed[k]! + (1 - SMOOTHING) * Math.max(posterior - 1, 0);
      const gain = Math.max(minGain, prior / (1 + prior));
      passed[k] = gain * gain * posterior;
      transform.spectrum[2 * k]! *= gain;
      transform.spectrum[2 * k + 1]! *= gain;
    }
    transform.overlapAddInPlace(output, frame);
  }
  return output;
}
