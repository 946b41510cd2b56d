// Audio for live sessions: bundled recordings of digits with pauses between, and what the library hears in them.

import { readFile } from "node:fs/promises";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import type { LiveDigitEvent } from "../../src/live/digit-event.ts";
import { createRecognizer } from "../../src/live/recognizer.ts";
import { loadStreamModel } from "../../src/load-models.ts";
import type { VoiceProfile } from "../../src/model/voice-profile.ts";

/** Of all audio here, in Hz. */
export const RATE = 8000;

const PAUSE = new Float32Array(0.4 * RATE);

/** Recordings of these digits, one after another, with pauses of 0.4 s around them. */
export async function spoken(digits: readonly number[]): Promise<Float32Array> {
  const recordings = await Promise.all(
    digits.map(async (digit) => {
      const bytes = await readFile(new URL(`../../fixtures/samples/${digit}.wav`, import.meta.url));
      return (await decodeAudio(bytes)).samples;
    }),
  );
  return joined([PAUSE, ...recordings.flatMap((samples) => [samples, PAUSE])]);
}

/** What the library itself hears, whatever its confidence. @param voice The speaker's own. */
export async function heardByLibrary(samples: Float32Array, voice?: VoiceProfile): Promise<LiveDigitEvent[]> {
  const model = await loadStreamModel({ voice });
  const recognizer = createRecognizer(model, { sampleRate: RATE, threshold: 0 });
  const events = [...(await recognizer.push(samples)), ...(await recognizer.end())];
  await model.release();
  return events;
}

/** The samples in pieces. @param length Of each but the last. */
export function piecesOf(samples: Float32Array, length: number): Float32Array[] {
  const count = Math.ceil(samples.length / length);
  return Array.from({ length: count }, (_, i) => samples.slice(i * length, (i + 1) * length));
}

/** The samples as 16-bit integers, little-endian. */
export function toInt16(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), 2 * i);
  });
  return bytes;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
