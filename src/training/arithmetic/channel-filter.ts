// What lies between a speaker and the samples: a drawn equaliser, for the microphone and the line, and a room, both applied by
// one multiplication of spectra.

import { createRealFft, type RealFft } from "../../audio/fft.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { ROOM_FFT_SIZE, type RoomResponse } from "./room-responses.ts";

/** Frequencies at which a gain is computed: 0 Hz, 31.25 Hz ... 4000 Hz. Between them it is interpolated. */
export const EQUALISER_POINTS = 129;

/** A zero-phase equaliser rings for at most this many samples before and after a click, but for a negligible rest. */
const EQUALISER_REACH = 256;

const CONTROL_POINTS = 6;
const LOWEST_CONTROL_HZ = 100;
const STEP_HZ = SAMPLE_RATE / 2 / (EQUALISER_POINTS - 1);

/**
 * Draws the response of some microphone and channel: a smooth curve through control points that are evenly spaced in the
 * logarithm of the frequency, and two band edges.
 *
 * @param gains Filled, [EQUALISER_POINTS]: factors >= 0 for amplitudes.
 * @param options.settings Range of the control points in dB, ranges of the edges in Hz.
 */
export function drawEqualiserInto(
  gains: Float32Array,
  options: { settings: AugmentationSettings; random: Random },
): void {
  const { settings, random } = options;
  const most = settings.equaliserGainDb;
  const controlsDb = Array.from({ length: CONTROL_POINTS }, () => random.uniform(-most, most));
  const lowHz = random.uniform(...settings.lowEdgeHz);
  const highHz = random.uniform(...settings.highEdgeHz);
  for (let i = 0; i < EQUALISER_POINTS; i++) {
    const hz = i * STEP_HZ;
    gains[i] = 10 ** (smoothCurve(controlsDb, hz) / 20) * bandEdges(hz, lowHz, highHz);
  }
}

/** Curve through the control points, flat beyond the first and last, with half a cosine from each to the next. */
function smoothCurve(controls: number[], hz: number): number {
  const octaves = Math.log2(Math.max(hz, LOWEST_CONTROL_HZ) / LOWEST_CONTROL_HZ);
  const position = (octaves / Math.log2(SAMPLE_RATE / 2 / LOWEST_CONTROL_HZ)) * (CONTROL_POINTS - 1);
  const left = Math.min(Math.floor(position), CONTROL_POINTS - 2);
  const share = 0.5 - 0.5 * Math.cos(Math.PI * (position - left));
  return controls[left]! * (1 - share) + controls[left + 1]! * share;
}

/** Amplitudes of Butterworth filters, high-pass of order 4 and low-pass of order 10. */
function bandEdges(hz: number, lowHz: number, highHz: number): number {
  const low = lowHz === 0 ? 0 : (lowHz / Math.max(hz, 1)) ** 8;
  const high = (hz / Math.max(highHz, 1)) ** 20;
  return 1 / Math.sqrt((1 + low) * (1 + high));
}

/** Equaliser and room in one multiplication of spectra. Buffers are its own and reused. */
export type ChannelFilter = {
  /**
   * Filters a word and adds it to a window.
   *
   * @param word At most a window (8192 samples).
   * @param options.gains Equaliser, [EQUALISER_POINTS]. Default: flat.
   * @param options.room Reverberation. Default: none.
   * @param options.wet Amplitude factor of the reverberation against the direct sound, >= 0. Default: 0.
   * @param options.start Sample of the window at which the word begins, may be negative.
   * @param out The window; what lies outside of it is cut off.
   */
  addFiltered(
    word: Float32Array,
    options: { gains?: Float32Array; room?: RoomResponse; wet?: number; start: number },
    out: Float32Array,
  ): void;
};

const SMALLEST_FFT_SIZE = 2048;
const FLAT = new Float32Array(EQUALISER_POINTS).fill(1);

/** Makes a filter. Transforms are as small as the word and the room allow. */
export function createChannelFilter(): ChannelFilter {
  const ffts = new Map<number, RealFft>();
  const samples = new Float32Array(ROOM_FFT_SIZE);
  const spectrum = new Float32Array(ROOM_FFT_SIZE + 2);
  return {
    addFiltered(word, { gains = FLAT, room, wet = 0, start }, out) {
      const length = word.length + (room?.length ?? 0) + 2 * EQUALISER_REACH;
      const size = Math.max(SMALLEST_FFT_SIZE, 2 ** Math.ceil(Math.log2(length)));
      const fft = ffts.get(size) ?? createRealFft(size);
      ffts.set(size, fft);
      samples.fill(0, 0, EQUALISER_REACH);
      samples.set(word, EQUALISER_REACH);
      fft.forwardInto(samples.subarray(0, EQUALISER_REACH + word.length), spectrum);
      if (room && wet > 0) addRoomInPlace(spectrum, { size, room, wet });
      if (gains !== FLAT) scaleInPlace(spectrum, size, gains);
      fft.inverseInto(spectrum, samples.subarray(0, size));
      addShifted(samples.subarray(0, length), start - EQUALISER_REACH, out);
    },
  };
}

/** Multiplies by 1 + wet * room. */
function addRoomInPlace(
  spectrum: Float32Array,
  { size, room, wet }: { size: number; room: RoomResponse; wet: number },
): void {
  const step = (2 * ROOM_FFT_SIZE) / size;
  for (let i = 0, r = 0; i < size + 2; i += 2, r += step) {
    const real = 1 + wet * room.spectrum[r]!;
    const imaginary = wet * room.spectrum[r + 1]!;
    const a = spectrum[i]!;
    const b = spectrum[i + 1]!;
    spectrum[i] = a * real - b * imaginary;
    spectrum[i + 1] = a * imaginary + b * real;
  }
}

/** Multiplies each bin by the gain there, interpolated between the equaliser's points. */
function scaleInPlace(spectrum: Float32Array, size: number, gains: Float32Array): void {
  const binsPerPoint = size / 2 / (EQUALISER_POINTS - 1);
  for (let point = 0; point < EQUALISER_POINTS - 1; point++) {
    const slope = (gains[point + 1]! - gains[point]!) / binsPerPoint;
    for (let k = 0; k < binsPerPoint; k++) {
      const gain = gains[point]! + slope * k;
      const i = 2 * (point * binsPerPoint + k);
      spectrum[i]! *= gain;
      spectrum[i + 1]! *= gain;
    }
  }
  spectrum[size]! *= gains[EQUALISER_POINTS - 1]!;
}

function addShifted(samples: Float32Array, start: number, out: Float32Array): void {
  const first = Math.max(0, -start);
  const last = Math.min(samples.length, out.length - start);
  for (let i = first; i < last; i++) out[start + i]! += samples[i]!;
}
