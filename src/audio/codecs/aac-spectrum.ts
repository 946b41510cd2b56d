// ISO/IEC 14496-3, 4.6.2 (scale factors), 4.6.8 (joint stereo), 4.6.13 (perceptual noise): from what was read to spectra.

import { type ChannelData, INTENSITY, INTENSITY_INVERTED, NOISE } from "./aac-channel.ts";

// Of a quantised number its power of 4/3; larger ones do not occur.
const POWERS = Float32Array.from({ length: 8192 }, (_, i) => i ** (4 / 3));

/**
 * Scales the spectrum of a channel, and fills its bands of noise.
 *
 * @param channel Its spectrum is changed.
 * @param nextRandom Uniform in -1..1.
 */
export function scaleInPlace(channel: ChannelData, nextRandom: () => number): void {
  forEachBand(channel, ({ start, end, i }) => {
    const { spectrum, factors } = channel;
    const codebook = channel.codebooks[i]!;
    if (codebook === 0 || codebook >= INTENSITY_INVERTED) return;
    if (codebook === NOISE)
      return fillNoise(spectrum, { start, end, level: 2 ** (factors[i]! / 4), nextRandom });
    const scale = 2 ** ((factors[i]! - 100) / 4);
    for (let k = start; k < end; k++) {
      const value = spectrum[k]!;
      spectrum[k] = value < 0 ? -POWERS[-value]! * scale : POWERS[value]! * scale;
    }
  });
}

type Noise = { start: number; end: number; level: number; nextRandom: () => number };

function fillNoise(spectrum: Float32Array, { start, end, level, nextRandom }: Noise): void {
  let power = 1e-30;
  for (let k = start; k < end; k++) {
    const value = nextRandom();
    spectrum[k] = value;
    power += value * value;
  }
  const scale = level / Math.sqrt(power);
  for (let k = start; k < end; k++) spectrum[k]! *= scale;
}

/**
 * Makes left and right of what two channels share: sum and difference, or one spectrum at two levels.
 *
 * @param left Its spectrum is changed.
 * @param right Its spectrum is changed.
 * @param isMid For each band whether it is a sum and a difference.
 */
export function unjoinInPlace(left: ChannelData, right: ChannelData, isMid: ArrayLike<boolean>): void {
  const [a, b] = [left.spectrum, right.spectrum];
  forEachBand(right, ({ start, end, i }) => {
    const codebook = right.codebooks[i]!;
    if (codebook >= INTENSITY_INVERTED) {
      const sign = (codebook === INTENSITY) === Boolean(isMid[i]) ? -1 : 1;
      const scale = sign * 2 ** (-right.factors[i]! / 4);
      for (let k = start; k < end; k++) b[k] = a[k]! * scale;
    } else if (isMid[i] && codebook < NOISE && left.codebooks[i]! < NOISE) {
      for (let k = start; k < end; k++) {
        const [mid, side] = [a[k]!, b[k]!];
        a[k] = mid + side;
        b[k] = mid - side;
      }
    }
  });
}

type BandVisitor = (band: { start: number; end: number; i: number }) => void;

// Each band of each window; `i` counts the bands of a group.
function forEachBand({ shape: { bands, groups, nBands } }: ChannelData, visit: BandVisitor): void {
  let window = 0;
  for (const [group, nWindows] of groups.entries()) {
    for (let w = 0; w < nWindows; w++, window++) {
      for (let band = 0; band < nBands; band++) {
        const start = window * 128 + bands.offsets[band]!;
        visit({ start, end: window * 128 + bands.offsets[band + 1]!, i: group * nBands + band });
      }
    }
  }
}
