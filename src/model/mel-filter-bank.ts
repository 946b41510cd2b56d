// The mel scale and its filter bank.
//
// Reference: HTK (Young et al., The HTK Book, section 5.6): mel = 2595 log10(1 + f / 700).

import { InvalidArgumentError } from "../errors.ts";

/** What a filter bank maps: FFT bins up to half the sample rate, to bands between `fMin` and `fMax`. */
export type MelFilterBankOptions = {
  /** Hz, > 0. */
  sampleRate: number;
  /** Transform length in samples; there are nFft / 2 + 1 bins. */
  nFft: number;
  /** Number of bands, >= 1. */
  nMels: number;
  /** Lower edge in Hz, >= 0. Default: 0. */
  fMin?: number;
  /** Upper edge in Hz, fMin < fMax <= sampleRate / 2. Default: sampleRate / 2. */
  fMax?: number;
  /** Moves every edge to warp times its frequency, for vocal tracts of other lengths. Default: 1. */
  warp?: number;
};

/**
 * Triangular mel filter bank: maps power in FFT bins to power in mel bands. HTK scale, no area normalisation.
 *
 * @param options See {@link MelFilterBankOptions}.
 * @returns Weights, row-major [nMels, nFft / 2 + 1]; without a warp each row has at least one non-zero.
 * @throws {InvalidArgumentError} An option is out of range, or a band would hold no FFT bin.
 */
export function melFilterBank(options: MelFilterBankOptions): Float32Array {
  const { sampleRate, nFft, nMels, fMin = 0, fMax = sampleRate / 2, warp = 1 } = options;
  if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
    throw new InvalidArgumentError(
      `melFilterBank: needs 0 <= fMin < fMax <= ${sampleRate / 2} Hz, got ${fMin}..${fMax}`,
    );
  }
  const nBins = nFft / 2 + 1;
  const edges = bandEdges(nMels, fMin, fMax).map((hz) => hz * warp);
  const weights = new Float32Array(nMels * nBins);
  for (let band = 0; band < nMels; band++) {
    const [low, centre, high] = edges.slice(band, band + 3) as [number, number, number];
    const row = weights.subarray(band * nBins, (band + 1) * nBins);
    for (let bin = 0; bin < nBins; bin++) {
      const hz = (bin * sampleRate) / nFft;
      row[bin] = Math.max(0, Math.min((hz - low) / (centre - low), (high - hz) / (high - centre)));
    }
    if (warp === 1 && !row.some((weight) => weight > 0)) {
      throw new InvalidArgumentError(
        `melFilterBank: band ${band} of ${nMels} holds no bin of ${nFft} at ${sampleRate} Hz`,
      );
    }
  }
  return weights;
}

/**
 * Frequency to mel. @param hz Hz, >= 0.
 */
export function hzToMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

/**
 * Mel to frequency in Hz. @param mel >= 0.
 */
export function melToHz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/** nMels + 2 frequencies in Hz, evenly spaced in mel: each band runs from one, over the next, to the one after. */
function bandEdges(nMels: number, fMin: number, fMax: number): number[] {
  const [low, high] = [hzToMel(fMin), hzToMel(fMax)];
  return Array.from({ length: nMels + 2 }, (_, i) => melToHz(low + ((high - low) * i) / (nMels + 1)));
}
