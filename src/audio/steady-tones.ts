// Steady tones, as telephones and machines make them: for an eighth of a second all power lies at two frequencies and stays
// what it is. Voices glide.

import { createRealFft } from "./fft.ts";

/** Samples at 8 kHz that are looked at together, 128 ms. */
export const TONE_WINDOW = 1024;
/** A tone lasts this many samples at least, 160 ms: a vowel of a high voice is shorter. */
export const LEAST_TONE = 1280;

const HOP = 128;
/** Powers of the parts of a window may differ by this factor. */
const STEADY = 1.5;
const PARTS = 4;
/** Share of the power at the two strongest frequencies, two bins to either side, the width of Hann's window. */
const TONAL_SHARE = 0.995;
const LOBE_BINS = 2;
const N_TONES = 2;
/** Hum of the mains and its lowest overtones, below 242 Hz, is beneath speech as well. */
const FIRST_BIN = 31;

const HANN = Float32Array.from(
  { length: TONE_WINDOW },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / TONE_WINDOW),
);

/**
 * Takes steady tones of one or two frequencies out of a recording: dial, busy and ringing tones, beeps, long keys.
 *
 * @param samples Mono, 8 kHz, finite.
 * @returns `samples` themselves, or a copy with zeros where tones of LEAST_TONE samples and more were, and 16 ms around them.
 */
export function withoutTones(samples: Float32Array): Float32Array {
  let cleared: Float32Array | undefined;
  let first = -1;
  for (let start = 0; start + TONE_WINDOW <= samples.length; start += HOP) {
    if (!isSteadyTone(samples.subarray(start, start + TONE_WINDOW))) first = -1;
    else if (first < 0) first = start;
    else if (start + TONE_WINDOW - first >= LEAST_TONE) {
      cleared ??= samples.slice();
      cleared.fill(0, Math.max(0, first - HOP), start + TONE_WINDOW + HOP);
    }
  }
  return cleared ?? samples;
}

/**
 * Whether nothing is heard but a tone of one or two frequencies.
 *
 * @param window [TONE_WINDOW], mono, 8 kHz, finite.
 */
export function isSteadyTone(window: Float32Array): boolean {
  return isSteady(window) && isTonal(window);
}

function isSteady(window: Float32Array): boolean {
  const length = TONE_WINDOW / PARTS;
  let [least, most] = [Infinity, 0];
  for (let end = length; end <= TONE_WINDOW; end += length) {
    let power = 0;
    for (let n = end - length; n < end; n++) power += window[n]! * window[n]!;
    [least, most] = [Math.min(least, power), Math.max(most, power)];
    if (most > STEADY * least) return false;
  }
  return most > 0;
}

const fft = createRealFft(TONE_WINDOW);

function isTonal(window: Float32Array): boolean {
  const spectrum = new Float32Array(TONE_WINDOW + 2);
  const weighted = window.map((value, n) => value * HANN[n]!);
  fft.forwardInto(weighted, spectrum);
  const powers = Float64Array.from(
    { length: TONE_WINDOW / 2 + 1 },
    (_, k) => spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2,
  );
  const total = powers.reduce((sum, power) => sum + power, 0);
  let tones = 0;
  for (let i = 0; i < N_TONES; i++) tones += takeStrongestInPlace(powers);
  return tones >= TONAL_SHARE * total;
}

/** Takes the strongest frequency out of a spectrum. @returns Its power. */
function takeStrongestInPlace(powers: Float64Array): number {
  let peak = FIRST_BIN;
  for (let k = FIRST_BIN; k < powers.length; k++) if (powers[k]! > powers[peak]!) peak = k;
  const lobe = powers.subarray(peak - LOBE_BINS, peak + LOBE_BINS + 1);
  const power = lobe.reduce((sum, value) => sum + value, 0);
  lobe.fill(0);
  return power;
}
