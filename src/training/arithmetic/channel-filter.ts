import { createRealFft, type RealFft } from "../../audio/fft.ts";
import { EQUALISER_POINTS, EQUALISER_REACH } from "./equaliser.ts";
import { ROOM_FFT_SIZE, type RoomResponse } from "./room-responses.ts";

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
