// Digits said one after another, for tests of the commands that hear such strings.

import { readFile } from "node:fs/promises";
import { decodeAudio } from "../../src/audio/decode-audio.ts";

/** Of what {@link sayString} gives, in Hz. */
export const SPOKEN_RATE = 8000;

/**
 * Joins the bundled recordings of some digits, with a second of silence before and after each.
 *
 * @param digits For example `731`.
 * @returns Samples at 8 kHz.
 */
export async function sayString(digits: string): Promise<Float32Array> {
  const silence = new Array<number>(SPOKEN_RATE).fill(0);
  const parts = [...silence];
  for (const digit of digits) {
    const bytes = await readFile(new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url));
    parts.push(...(await decodeAudio(bytes)).samples, ...silence);
  }
  return Float32Array.from(parts);
}
