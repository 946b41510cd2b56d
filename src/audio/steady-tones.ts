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

/** A tone between silences may be shorter, 60 ms: no word is of even power and two frequencies from its start to its end. */
const LEAST_BURST = 480;
const BURST_FRAME = 64;
/** Power of silence against that of the loudest frame: 30 dB below, which is above the noise of mu-law. */
const SILENT_SHARE = 1e-3;
const SILENT_FRAMES = 6;
/** Of so few samples, powers of parts differ more, with the beats of the two frequencies, and a share is less exact. */
const BURST_STEADY = 4;
const BURST_TONAL_SHARE = 0.98;

/**
 * Takes steady tones of one or two frequencies out of a recording: dial, busy and ringing tones, beeps, long keys.
 *
 * @param samples Mono, 8 kHz, finite.
 * @returns `samples` themselves, or a copy with zeros where tones of LEAST_TONE samples and more were, and 16 ms around them;
 *   and where shorter ones were between silences or the ends of the recording, which cut tones anywhere.
 */
export function withoutTones(samples: Float32Array): Float32Array {
  const rest = withoutLongTones(samples);
  const bursts = burstsOf(rest).filter(({ first, end }) => isBurst(rest.subarray(first, end)));
  if (bursts.length === 0) return rest;
  const cleared = rest.slice();
  for (const { first, end } of bursts) cleared.fill(0, Math.max(0, first - HOP), end + HOP);
  return cleared;
}

function withoutLongTones(samples: Float32Array): Float32Array {
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
  return isSteady(window, STEADY) && tonalShare(window, HANN) >= TONAL_SHARE;
}

/** Stretches of sound that are too short to be found as long tones, between silences. */
function burstsOf(samples: Float32Array): { first: number; end: number }[] {
  const nFrames = Math.floor(samples.length / BURST_FRAME);
  const powers = Array.from({ length: nFrames }, (_, i) =>
    powerOf(samples.subarray(i * BURST_FRAME, (i + 1) * BURST_FRAME)),
  );
  const limit = SILENT_SHARE * powers.reduce((most, power) => Math.max(most, power), 0);
  const bursts: { first: number; end: number }[] = [];
  let quiet = SILENT_FRAMES;
  for (const [i, power] of powers.entries()) {
    const isQuiet = power <= limit;
    if (!isQuiet && quiet >= SILENT_FRAMES) bursts.push({ first: i * BURST_FRAME, end: 0 });
    if (!isQuiet) bursts.at(-1)!.end = (i + 1) * BURST_FRAME;
    quiet = isQuiet ? quiet + 1 : 0;
  }
  return bursts.filter(({ first, end }) => end - first <= LEAST_TONE + 2 * HOP);
}

// Its first and its last frame may be half silent.
function isBurst(sound: Float32Array): boolean {
  const inner = sound.subarray(BURST_FRAME, -BURST_FRAME).subarray(0, TONE_WINDOW);
  if (inner.length < LEAST_BURST - 2 * BURST_FRAME) return false;
  return isSteady(inner, BURST_STEADY) && tonalShare(inner, hann(inner.length)) >= BURST_TONAL_SHARE;
}

/** By a loop: `reduce` boxes every sum on its way, which was most of what a prediction allocates. */
function powerOf(samples: Float32Array): number {
  let power = 0;
  for (let i = 0; i < samples.length; i++) power += samples[i]! * samples[i]!;
  return power;
}

function isSteady(window: Float32Array, factor: number): boolean {
  const length = window.length / PARTS;
  let [least, most] = [Infinity, 0];
  for (let end = length; end <= window.length; end += length) {
    const power = powerOf(window.subarray(end - length, end));
    [least, most] = [Math.min(least, power), Math.max(most, power)];
    if (most > factor * least) return false;
  }
  return most > 0;
}

const fft = createRealFft(TONE_WINDOW);
const HANN = hann(TONE_WINDOW);

function hann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length));
}

/** Share of the power at the two strongest frequencies. @param window [n], filled up with zeros to TONE_WINDOW. */
function tonalShare(window: Float32Array, weights: Float32Array): number {
  const spectrum = new Float32Array(TONE_WINDOW + 2);
  const weighted = new Float32Array(TONE_WINDOW);
  for (let n = 0; n < window.length; n++) weighted[n] = window[n]! * weights[n]!;
  const lobe = Math.ceil((LOBE_BINS * TONE_WINDOW) / window.length);
  fft.forwardInto(weighted, spectrum);
  const powers = Float64Array.from(
    { length: TONE_WINDOW / 2 + 1 },
    (_, k) => spectrum[2 * k]! ** 2 + spectrum[2 * k + 1]! ** 2,
  );
  const total = powers.reduce((sum, power) => sum + power, 0);
  let tones = 0;
  for (let i = 0; i < N_TONES; i++) tones += takeStrongestInPlace(powers, lobe);
  return tones / total;
}

/** Takes the strongest frequency out of a spectrum. @returns Its power. */
function takeStrongestInPlace(powers: Float64Array, lobeBins: number): number {
  let peak = FIRST_BIN;
  for (let k = FIRST_BIN; k < powers.length; k++) if (powers[k]! > powers[peak]!) peak = k;
  const lobe = powers.subarray(Math.max(0, peak - lobeBins), peak + lobeBins + 1);
  const power = lobe.reduce((sum, value) => sum + value, 0);
  lobe.fill(0);
  return power;
}
