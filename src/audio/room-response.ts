import type { Random } from "../random.ts";

// Sound from the walls of a small room comes at least this much after the direct sound.
const FIRST_REFLECTION_MS = 2;

/**
 * Draws the reverberation of a room, without the direct sound: exponentially decaying noise (Polack's model; see J.-M. Jot,
 * L. Cerveau and O. Warusfel, "Analysis and Synthesis of Room Reverberation Based on a Statistical Time-Frequency Model", AES
 * Convention 103, 1997).
 *
 * @param length Samples drawn, more than 2 ms of them.
 * @param options.reverbTimeMs Time in which the sound falls by 60 dB, > 0.
 * @param options.random Draws the noise.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns [length] samples of energy 1, the first 2 ms silent; sample 0 is the time of the direct sound.
 */
export function drawRoomResponse(
  length: number,
  options: { reverbTimeMs: number; random: Random; sampleRate?: number },
): Float32Array {
  const { reverbTimeMs, random, sampleRate = 8000 } = options;
  const decay = (reverbTimeMs * sampleRate) / 1000;
  const response = new Float32Array(length);
  const first = Math.round((FIRST_REFLECTION_MS * sampleRate) / 1000);
  let energy = 0;
  for (let n = first; n < response.length; n++) {
    response[n] = random.normal() * 10 ** ((-3 * n) / decay);
    energy += response[n]! ** 2;
  }
  const scale = 1 / Math.sqrt(energy);
  return response.map((value) => value * scale);
}
