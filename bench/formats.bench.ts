import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { loadClassifier } from "../src/load-models.ts";
import { classifyBytes } from "../src/recordings/recordings.ts";
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

/** What the processor may spend on the bytes of a word, in ms. */
const atMostMs = (name: string) => (name.startsWith("AAC") ? 5 : 2);
const FOLDER_FILES = 2000;

/**
 * One word (0.7 s) of each format, with codecs loaded and decoders kept: processor time from its bytes to a clip, and time
 * to a prediction. Then a folder of files of all of them, through the command line with its start.
 */
export async function benchFormats(): Promise<Result[]> {
  const classifier = await loadClassifier();
  const files = Object.entries(FILES).map(async ([name, file]) => {
    return [name, new Uint8Array(await readFile(`${ROOT}fixtures/audio/${file}`))] as const;
  });
  const words = await Promise.all(files);
  const options = { durationMs: 500, warmUpMs: 200 };
  const clips = await compareCalls(callsOf(words, decodeAudio), options);
  const predictions = await compareCalls(
    callsOf(words, (bytes) => classifyBytes(classifier, bytes)),
    options,
  );
  await classifier.release();
  return [
    ...Object.entries(clips).map(([name, { cpuMs }]): Result => {
      const target = { atMost: atMostMs(name) };
      return { name: `${name}: processor time to clip`, value: cpuMs, unit: "ms", target };
    }),
    ...Object.entries(predictions).map(([name, timing]) => timingResult(`${name}: to prediction`, timing)),
    await benchFolder(words.map(([, bytes]) => bytes)),
  ];
}

function callsOf<T>(words: readonly (readonly [string, Uint8Array])[], call: (bytes: Uint8Array) => T) {
  return Object.fromEntries(words.map(([name, bytes]) => [name, () => call(bytes)]));
}

async function benchFolder(words: readonly Uint8Array[]): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "spoken-digits-formats-"));
  try {
    const extensions = Object.values(FILES).map((file) => extname(file));
    for (let i = 0; i < FOLDER_FILES; i++) {
      await writeFile(join(folder, `${i}${extensions[i % words.length]}`), words[i % words.length]!);
    }
    const start = performance.now();
    const run = promisify(execFile);
    await run(process.execPath, [`${ROOT}dist/cli.js`, "predict", folder], { maxBuffer: 2 ** 26 });
    const value = (1000 * FOLDER_FILES) / (performance.now() - start);
    return { name: `folder of ${FOLDER_FILES} files`, value, unit: "clips/s", target: { atLeast: 400 } };
  } finally {
    await rm(folder, { recursive: true });
  }
}
