import FFT from "fft.js";
import { MEL_FLOOR, SAMPLE_RATE } from "../../model/log-mel.ts";
import { melFilterBank } from "../../model/mel-filter-bank.ts";
import type { SpectrogramAxes } from "./protocol.ts";

const N_FFT = 256;
const N_BINS = N_FFT / 2 + 1;
// The model divides a word by its own loudness. A stream has no word yet: it is divided by that of quiet speech.
const REFERENCE_RMS = 0.03;

/** The rolling spectrogram: columns as the model would see them, as soon as their samples are there. */
export class MelColumns {
  readonly #nMels: number;
  readonly #hopLength: number;
  readonly #bank: Float32Array;
  readonly #fft = new FFT(N_FFT);
  readonly #window = unitHann(N_FFT);
  readonly #frame = new Array<number>(N_FFT).fill(0);
  readonly #spectrum = new Array<number>(2 * N_FFT).fill(0);
  readonly #power = new Float32Array(N_BINS);
  #pending = new Float32Array(0);

  /** @param axes The scales of the model's own picture. */
  constructor({ nMels, fMin, fMax, hopMs }: SpectrogramAxes) {
    this.#nMels = nMels;
    this.#hopLength = Math.round((hopMs / 1000) * SAMPLE_RATE);
    this.#bank = melFilterBank({ sampleRate: SAMPLE_RATE, nFft: N_FFT, nMels, fMin, fMax });
  }

  /**
   * Takes in more samples.
   *
   * @param samples At the model's rate.
   * @returns The new columns, one after the other, nMels values each, the lowest band first.
   */
  push(samples: Float32Array): Float32Array {
    const joined = new Float32Array(this.#pending.length + samples.length);
    joined.set(this.#pending);
    joined.set(samples, this.#pending.length);
    const nColumns = Math.max(0, Math.floor((joined.length - N_FFT) / this.#hopLength) + 1);
    const columns = new Float32Array(nColumns * this.#nMels);
    for (let i = 0; i < nColumns; i++) {
      this.#measureInPlace(joined.subarray(i * this.#hopLength, i * this.#hopLength + N_FFT));
      this.#fillInPlace(columns.subarray(i * this.#nMels, (i + 1) * this.#nMels));
    }
    this.#pending = joined.slice(nColumns * this.#hopLength);
    return columns;
  }

  #measureInPlace(samples: Float32Array): void {
    for (let i = 0; i < N_FFT; i++) this.#frame[i] = samples[i]! * this.#window[i]!;
    this.#fft.realTransform(this.#spectrum, this.#frame);
    for (let bin = 0; bin < N_BINS; bin++) {
      const [re, im] = [this.#spectrum[2 * bin]!, this.#spectrum[2 * bin + 1]!];
      this.#power[bin] = (re * re + im * im) / REFERENCE_RMS ** 2;
    }
  }

  #fillInPlace(column: Float32Array): void {
    for (let band = 0; band < this.#nMels; band++) {
      let sum = 0;
      for (let bin = 0; bin < N_BINS; bin++) sum += this.#bank[band * N_BINS + bin]! * this.#power[bin]!;
      column[band] = Math.log(sum + MEL_FLOOR);
    }
  }
}

function unitHann(length: number): Float64Array {
  const hann = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
  const energy = hann.reduce((sum, weight) => sum + weight * weight, 0);
  return hann.map((weight) => weight / Math.sqrt(energy));
}
