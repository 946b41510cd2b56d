// Speech through MP3 and Opus at low rates: encoded by ffmpeg, where it is installed, and decoded as any file of a user's.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodeAudio } from "../audio/decode-audio.ts";
import { encodeWav } from "../audio/encode-wav.ts";
import { resample } from "../audio/resample.ts";
import { FileError } from "../errors.ts";
import type { RobustnessCondition } from "./robustness-conditions.ts";

/** A codec that damages speech at low rates. */
export type SpeechCodec = "mp3" | "opus";

/** The rates that a report tries, in kbit/s. Telephony over a network has Opus at 12 to 24, voice messages at 16. */
export const CODEC_RATES: Readonly<Record<SpeechCodec, readonly number[]>> = {
  mp3: [8, 16, 32],
  opus: [6, 12, 24],
};

const ENCODERS: Record<SpeechCodec, { name: string; extension: string }> = {
  mp3: { name: "libmp3lame", extension: "mp3" },
  opus: { name: "libopus", extension: "opus" },
};
const SAMPLE_RATE = 8000;
// Some ten minutes; far longer would not fit into the decoder's limits.
const MOST_SAMPLES = 4_500_000;
const run = promisify(execFile);

/** Whether `ffmpeg` is installed with an encoder for every codec. */
export async function canEncodeSpeech(): Promise<boolean> {
  const encoders = await run("ffmpeg", ["-hide_banner", "-encoders"]).catch(() => undefined);
  return Object.values(ENCODERS).every(({ name }) => encoders?.stdout.includes(` ${name} `));
}

/**
 * Encodes and decodes clips, one after the other as one recording, so that a codec has warmed up.
 *
 * @param clips Mono, 8 kHz.
 * @param options.codec Which.
 * @param options.kbps Its rate in kbit/s, > 0.
 * @param options.signal Ends the encoder; the promise then rejects with the signal's reason.
 * @returns As many clips of as many samples, in their order.
 * @throws {FileError} There is no `ffmpeg`, or it fails; or the temporary folder cannot be written.
 */
export async function throughCodec(
  clips: readonly Float32Array[],
  options: { codec: SpeechCodec; kbps: number; signal?: AbortSignal },
): Promise<Float32Array[]> {
  const coded: Float32Array[] = [];
  for (const batch of batchesOf(clips)) {
    const decoded = await encodeAndDecode(joinClips(batch), options);
    let start = 0;
    for (const { length } of batch) {
      const clip = new Float32Array(length);
      clip.set(decoded.subarray(start, start + length));
      coded.push(clip);
      start += length;
    }
  }
  return coded;
}

/**
 * The conditions of a robustness report that need an encoder: each codec at each of {@link CODEC_RATES}. All clips are
 * encoded when the first of them is asked for.
 *
 * @param clips The clips of the evaluation, mono, 8 kHz.
 * @param options.signal Ends the encoder.
 */
export function listCodecConditions(
  clips: readonly Float32Array[],
  options: { signal?: AbortSignal } = {},
): RobustnessCondition[] {
  return (Object.keys(CODEC_RATES) as SpeechCodec[]).flatMap((codec) =>
    CODEC_RATES[codec].map((kbps): RobustnessCondition => {
      let coded: Promise<Float32Array[]> | undefined;
      return {
        group: codec,
        setting: kbps,
        unit: "kbit/s",
        apply: async (_, { clipIndex }) => {
          coded ??= throughCodec(clips, { codec, kbps, ...options });
          return (await coded)[clipIndex]!;
        },
      };
    }),
  );
}

async function encodeAndDecode(
  samples: Float32Array,
  options: { codec: SpeechCodec; kbps: number; signal?: AbortSignal },
): Promise<Float32Array> {
  const { codec, kbps, signal } = options;
  const { name, extension } = ENCODERS[codec];
  const folder = await mkdtemp(join(tmpdir(), "spoken-digits-codec-"));
  const [source, target] = [join(folder, "clips.wav"), join(folder, `clips.${extension}`)];
  try {
    await writeFile(source, encodeWav(samples, { sampleRate: SAMPLE_RATE }));
    const encode = ["-c:a", name, "-b:a", `${kbps}k`, target];
    await run("ffmpeg", ["-loglevel", "error", "-i", source, ...encode], { signal });
    const clip = await decodeAudio(await readFile(target), { maxDurationMs: Number.MAX_SAFE_INTEGER });
    return resample(clip.samples, { sourceRate: clip.sampleRate, targetRate: SAMPLE_RATE });
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = (cause as NodeJS.ErrnoException).code === "ENOENT" ? "it is not installed" : String(cause);
    throw new FileError(`throughCodec: ffmpeg cannot encode ${codec} at ${kbps} kbit/s: ${reason}`, {
      cause,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function batchesOf(clips: readonly Float32Array[]): Float32Array[][] {
  const batches: Float32Array[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const clip of clips) {
    if (length + clip.length > MOST_SAMPLES) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)!.push(clip);
    length += clip.length;
  }
  return batches;
}

function joinClips(clips: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(clips.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const clip of clips) {
    joined.set(clip, start);
    start += clip.length;
  }
  return joined;
}
