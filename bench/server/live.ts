// Live sessions side by side, each sending audio as fast as the server takes it in.

import type { Client } from "../../src/client/client.ts";
import { createClient } from "../../src/client/client.ts";
import { SAMPLE_RATE } from "../../src/model/log-mel.ts";
import type { Result } from "../result.ts";
import { readSampleClips } from "../sample-clips.ts";

/** Samples that a client hands over at once: 100 ms. */
const CHUNK = SAMPLE_RATE / 10;

/**
 * Loads a server with live sessions.
 *
 * @param url Its address.
 * @param options.sessions At once.
 * @param options.audioSeconds Of each session: digits with pauses between.
 * @returns How much faster than real time the sessions ran together.
 */
export async function benchLive(
  url: string,
  { sessions, audioSeconds }: { sessions: number; audioSeconds: number },
): Promise<Result[]> {
  const audio = await spokenDigits(audioSeconds);
  const client = createClient({ url });
  const start = performance.now();
  const counts = await Promise.all(Array.from({ length: sessions }, () => countDigits(client, audio)));
  const seconds = (performance.now() - start) / 1000;
  return [
    { name: "audio heard, of all sessions", value: (sessions * audioSeconds) / seconds, unit: "s/s" },
    { name: "digits heard", value: counts.reduce((sum, count) => sum + count, 0), unit: "digits" },
  ];
}

async function countDigits(client: Client, audio: Float32Array): Promise<number> {
  let count = 0;
  for await (const _ of client.live(chunksOf(audio), { sampleRate: SAMPLE_RATE })) count++;
  return count;
}

async function* chunksOf(audio: Float32Array): AsyncGenerator<Float32Array> {
  for (let start = 0; start < audio.length; start += CHUNK) yield audio.subarray(start, start + CHUNK);
}

/** The bundled recordings again and again, one a second. */
async function spokenDigits(seconds: number): Promise<Float32Array> {
  const clips = await readSampleClips();
  const audio = new Float32Array(seconds * SAMPLE_RATE);
  for (let second = 0; second < seconds; second++) {
    const { samples } = clips[second % clips.length]!;
    audio.set(samples.subarray(0, SAMPLE_RATE), second * SAMPLE_RATE);
  }
  return audio;
}
