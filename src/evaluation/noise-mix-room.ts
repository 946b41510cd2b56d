import { createRealFft } from "../audio/fft.ts";
import { drawRoomResponse } from "../audio/room-response.ts";
import type { Random } from "../random.ts";

// The first of these hold nothing yet, so that even the shortest reverberation has samples.
const SILENT_SECONDS = 0.002;
const SAMPLE_RATE = 8000;

/**
 * Puts a clip into a room, whose reverberation `drawRoomResponse` draws; it has the energy of the direct sound, as of a
 * speaker some way off.
 *
 * @param samples Mono, 8 kHz, finite.
 * @param options.reverbTimeMs Time in which the sound falls by 60 dB, > 0, at most 5000.
 * @returns As many samples, the direct sound unchanged in place; what rings on after the end is cut off.
 */
export function addReverb(
  samples: Float32Array,
  options: { reverbTimeMs: number; random: Random },
): Float32Array {
  const { reverbTimeMs, random } = options;
  if (samples.length === 0) return samples.slice();
  const length = Math.ceil((reverbTimeMs / 1000 + SILENT_SECONDS) * SAMPLE_RATE) + 1;
  const response = drawRoomResponse(length, { reverbTimeMs, random, sampleRate: SAMPLE_RATE });
  const reverb = convolve(samples, response);
  return samples.map((value, i) => value + reverb[i]!);
}

/** The first samples of the convolution, as many as there are of `samples`. */
function convolve(samples: Float32Array, response: Float32Array): Float32Array {
  const size = Math.max(8, 2 ** Math.ceil(Math.log2(samples.length + response.length)));
  const fft = createRealFft(size);
  const spectrum = new Float32Array(size + 2);
  const factor = new Float32Array(size + 2);
  fft.forwardInto(samples, spectrum);
  fft.forwardInto(response, factor);
  for (let k = 0; k < size + 2; k += 2) {
    const [real, imaginary] = [spectrum[k]!, spectrum[k + 1]!];
    spectrum[k] = real * factor[k]! - imaginary * factor[k + 1]!;
    spectrum[k + 1] = real * factor[k + 1]! + imaginary * factor[k]!;
  }
  const convolved = new Float32Array(samples.length);
  fft.inverseInto(spectrum, convolved);
  return convolved;
}
