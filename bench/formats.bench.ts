import { readFile } from "node:fs/promises";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { compareCalls } from "./measure.ts";
import { type Result, timingResult } from "./result.ts";
import { ROOT } from "./sample-clips.ts";

const FILES = {
  "WAV, 16 bit, 8 kHz": "pcm-16.wav",
  "AIFF, 16 bit, 8 kHz": "big-endian.aiff",
  "FLAC, 8 kHz": "mono-8000.flac",
  "FLAC, 44.1 kHz stereo": "stereo-44100.flac",
  "MP3, 44.1 kHz": "mono-44100.mp3",
  "AAC in M4A, 44.1 kHz": "mono-44100.m4a",
  "AAC in ADTS, 16 kHz": "mono-16000.aac",
  "Vorbis in Ogg, 44.1 kHz": "mono-44100.ogg",
  "Opus in Ogg, 48 kHz": "mono-48000.opus",
  "Opus in WebM, 48 kHz stereo": "stereo-48000.webm",
} as const;

/** Time from the bytes of one word (0.7 s) to a clip, for each format, with codecs loaded and decoders kept. */
export async function benchFormats(): Promise<Result[]> {
  const calls: Record<string, () => unknown> = {};
  for (const [name, file] of Object.entries(FILES)) {
    const bytes = new Uint8Array(await readFile(`${ROOT}fixtures/audio/${file}`));
    calls[name] = () => decodeAudio(bytes);
  }
  const timings = await compareCalls(calls, { durationMs: 500, warmUpMs: 200 });
  return Object.entries(timings).map(([name, timing]) =>
    timingResult(`${name}: bytes to clip`, timing, name.startsWith("AAC") ? 5 : 2),
  );
}
