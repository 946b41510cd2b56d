// What recordings and streams lose before a model hears them, because it is no speech: a constant offset, and steady tones; and
// whether anything is left.
//
// The offset: Julius O. Smith, Introduction to Digital Filters, "DC blocker": a zero at 0 Hz and a pole beside it.
//
// Steady tones, as telephones and machines make them: for an eighth of a second all power lies at two frequencies and stays
// what it is. Voices glide.

import { createRealFft } from "./fft.ts";

/** Below this many Hz nothing of speech is left out; an offset that begins is gone after some 40 ms. */
const CUTOFF_HZ = 20;
/** What is left of an offset decays into numbers that are slow to compute with. */
const TINY = 1e-12;

/**
 * Makes a filter that takes the constant part off a signal. The first sample counts as the offset that was there before.
 *
 * @param sampleRate Hz, > 0.
 * @returns Takes successive pieces of one signal, of any length; each gives a new array of its length.
 */
export function createDcBlocker(sampleRate: number): (samples: Float32Array) => Float32Array {
  const pole = 1 - (2 * Math.PI * CUTOFF_HZ) / sampleRate;
  let last: LastSample | undefined;
  return (samples) => {
    const filtered = new Float32Array(samples.length);
    if (samples.length > 0) last = blockDc(samples, { filtered, pole, last });
    return filtered;
  };
}

type LastSample = { input: number; output: number };
type DcBlockerStep = { filtered: Float32Array; pole: number; last: LastSample | undefined };

/** Fills `filtered`. A function of its own, so that the compiled one serves each stream. @returns The last sample in and out. */
function blockDc(samples: Float32Array, { filtered, pole, last }: DcBlockerStep): LastSample {
  let { input, output } = last ?? { input: samples[0]!, output: 0 };
  for (let i = 0; i < samples.length; i++) {
    output = samples[i]! - input + pole * output;
    if (Math.abs(output) < TINY) output = 0;
    input = samples[i]!;
    filtered[i] = output;
  }
  return { input, output };
}

/** Of fewer samples the mean is no offset but part of a sound. */
const LEAST_SAMPLES = 800;

/**
 * The constant offset of a recording: its median.
 *
 * @param samples Mono, finite, any length.
 * @returns 0 where the mean is below a tenth of the RMS: no more than that has an effect.
 */
export function offsetOf(samples: Float32Array): number {
  let [sum, power] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    sum += samples[i]!;
    power += samples[i]! * samples[i]!;
  }
  if (samples.length < LEAST_SAMPLES || sum * sum <= 0.01 * power * samples.length) return 0;
  return samples.slice().sort()[samples.length >> 1]!;
}

/** Samples at 8 kHz that are looked at together, 128 ms. */
export const TONE_WINDOW = 1024;
/** A tone lasts this many samples at least, 160 ms: a vowel of a high voice is shorter. */
export const LEAST_TONE = 1280;

const HOP = 128;
/** Samples whose power is looked at as a whole. */
const FRAME = 64;
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
  const powers = powersOf(samples, FRAME);
  const rest = withoutLongTones(samples, powers);
  const bursts = burstsOf(rest === samples ? powers : powersOf(rest, FRAME)).filter(({ first, end }) =>
    isBurst(rest.subarray(first, end)),
  );
  if (bursts.length === 0) return rest;
  const cleared = rest.slice();
  for (const { first, end } of bursts) cleared.fill(0, Math.max(0, first - HOP), end + HOP);
  return cleared;
}

/** Sums of squares of successive frames; a rest shorter than one is left out. */
function powersOf(samples: Float32Array, length: number): Float64Array {
  const powers = new Float64Array(Math.floor(samples.length / length));
  for (let i = 0; i < powers.length; i++) {
    // By a loop: `reduce` boxes every sum on its way.
    let power = 0;
    const end = (i + 1) * length;
    for (let k = end - length; k < end; k++) power += samples[k]! * samples[k]!;
    powers[i] = power;
  }
  return powers;
}

function withoutLongTones(samples: Float32Array, powers: Float64Array): Float32Array {
  let cleared: Float32Array | undefined;
  let first = -1;
  for (let start = 0; start + TONE_WINDOW <= samples.length; start += HOP) {
    const frames = powers.subarray(start / FRAME, (start + TONE_WINDOW) / FRAME);
    const isTone =
      isEven(frames, STEADY) && tonalShare(samples.subarray(start, start + TONE_WINDOW), HANN) >= TONAL_SHARE;
    if (!isTone) first = -1;
    else if (first < 0) first = start;
    else if (start + TONE_WINDOW - first >= LEAST_TONE) {
      cleared ??= samples.slice();
      cleared.fill(0, Math.max(0, first - HOP), start + TONE_WINDOW + HOP);
    }
  }
  return cleared ?? samples;
}

/** Whether nothing is heard but a tone of one or two frequencies. @param window [TONE_WINDOW], mono, 8 kHz, finite. */
export function isSteadyTone(window: Float32Array): boolean {
  return isEven(powersOf(window, FRAME), STEADY) && tonalShare(window, HANN) >= TONAL_SHARE;
}

/** Stretches of sound that are too short to be found as long tones, between silences. @param powers Of all frames. */
function burstsOf(powers: Float64Array): { first: number; end: number }[] {
  let loudest = 0;
  for (let i = 0; i < powers.length; i++) loudest = Math.max(loudest, powers[i]!);
  const limit = SILENT_SHARE * loudest;
  const bursts: { first: number; end: number }[] = [];
  let quiet = SILENT_FRAMES;
  for (let i = 0; i < powers.length; i++) {
    const isQuiet = powers[i]! <= limit;
    if (!isQuiet && quiet >= SILENT_FRAMES) bursts.push({ first: i * FRAME, end: 0 });
    if (!isQuiet) bursts.at(-1)!.end = (i + 1) * FRAME;
    quiet = isQuiet ? quiet + 1 : 0;
  }
  return bursts.filter(({ first, end }) => end - first <= LEAST_TONE + 2 * HOP);
}

// Its first and its last frame may be half silent.
function isBurst(sound: Float32Array): boolean {
  const inner = sound.subarray(FRAME, -FRAME).subarray(0, TONE_WINDOW);
  if (inner.length < LEAST_BURST - 2 * FRAME) return false;
  const powers = powersOf(inner, inner.length / PARTS);
  return isEven(powers, BURST_STEADY) && tonalShare(inner, hann(inner.length)) >= BURST_TONAL_SHARE;
}

/** Whether the four parts of a window have about the same power, and any. @param powers Of its frames, 4 n of them. */
function isEven(powers: Float64Array, factor: number): boolean {
  const length = powers.length / PARTS;
  let [least, most] = [Infinity, 0];
  for (let end = length; end <= powers.length; end += length) {
    let power = 0;
    for (let i = end - length; i < end; i++) power += powers[i]!;
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

// Every recording and every frame of a stream comes through here: nothing is allocated.
const weighted = new Float32Array(TONE_WINDOW);
const spectrum = new Float32Array(TONE_WINDOW + 2);
const binPowers = new Float64Array(TONE_WINDOW / 2 + 1);

/** Share of the power at the two strongest frequencies. @param window [n], filled up with zeros to TONE_WINDOW. */
function tonalShare(window: Float32Array, weights: Float32Array): number {
  for (let n = 0; n < window.length; n++) weighted[n] = window[n]! * weights[n]!;
  weighted.fill(0, window.length);
  fft.forwardInto(weighted, spectrum);
  let total = 0;
  for (let k = 0; k < binPowers.length; k++) {
    const [real, imaginary] = [spectrum[2 * k]!, spectrum[2 * k + 1]!];
    binPowers[k] = real * real + imaginary * imaginary;
    total += binPowers[k]!;
  }
  const lobe = Math.ceil((LOBE_BINS * TONE_WINDOW) / window.length);
  let tones = 0;
  for (let i = 0; i < N_TONES; i++) tones += takeStrongestInPlace(binPowers, lobe);
  return tones / total;
}

/** Takes the strongest frequency out of a spectrum. @returns Its power. */
function takeStrongestInPlace(powers: Float64Array, lobeBins: number): number {
  let peak = FIRST_BIN;
  for (let k = FIRST_BIN; k < powers.length; k++) if (powers[k]! > powers[peak]!) peak = k;
  let power = 0;
  const end = Math.min(powers.length, peak + lobeBins + 1);
  for (let k = Math.max(0, peak - lobeBins); k < end; k++) {
    power += powers[k]!;
    powers[k] = 0;
  }
  return power;
}

/** What stays below this is silence: -90 dB of full scale, one step of 16-bit audio. */
const SILENCE_PEAK = 1.05 / 32768;

/** Whether there is nothing to hear. @param samples Mono, any number. */
export function isSilent(samples: Float32Array): boolean {
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i]!) >= SILENCE_PEAK) return false;
  return true;
}
