import decode from "audio-decode";
import { AudioFormatError } from "../errors.ts";
import { type AudioClip, checkDuration, checkSampleRate } from "./audio-clip.ts";
import type { AudioFormat } from "./detect-format.ts";

/** Formats that go through audio-decode. */
export type CompressedFormat = Exclude<AudioFormat, "wav" | "aiff">;

const CODECS = {
  mp3: decode.mp3,
  aac: decode.aac,
  mp4: decode.m4a,
  vorbis: decode.oga,
  opus: decode.opus,
  flac: decode.flac,
  "ogg-flac": decode.flac,
  webm: decode.webm,
} as const;

// Input goes in by pieces so that the limit is met before a small file of silence has unfolded into gigabytes.
const PIECE_BYTES = 2048;

/**
 * Decodes a compressed file with audio-decode (WebAssembly codecs, loaded on first use).
 *
 * @param bytes The file.
 * @param options.format What it is.
 * @param options.maxDurationMs Decoding stops once this is exceeded.
 * @returns Mono, the mean of all channels; empty where the codec found nothing to decode.
 * @throws {AudioFormatError} `audio-damaged`: the codec refused the file; `audio-too-long`.
 */
export async function decodeCompressed(
  bytes: Uint8Array,
  options: { format: CompressedFormat; maxDurationMs: number },
): Promise<AudioClip> {
  const decoder = await CODECS[options.format]();
  const pieces: Float32Array[] = [];
  let nSamples = 0;
  let sampleRate = 0;
  const take = (decoded: { channelData: Float32Array[]; sampleRate: number }) => {
    if (decoded.channelData.length === 0) return;
    sampleRate ||= decoded.sampleRate;
    checkSampleRate(sampleRate);
    const mono = mixToMono(decoded.channelData);
    nSamples += mono.length;
    checkDuration(nSamples, { sampleRate, ...options });
    pieces.push(mono);
  };
  const pieceBytes = options.format === "mp4" ? bytes.length : PIECE_BYTES;
  try {
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      take(await decoder(bytes.slice(start, start + pieceBytes)));
    }
    take(await decoder());
  } catch (error) {
    if (error instanceof AudioFormatError) throw error;
    throw new AudioFormatError("audio-damaged", `decodeAudio: ${reason(error)}`, { cause: error });
  } finally {
    decoder.free();
  }
  return { samples: join(pieces, nSamples), sampleRate };
}

function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const mono = channels[0]!.slice();
  for (const channel of channels.slice(1)) for (let i = 0; i < mono.length; i++) mono[i]! += channel[i]!;
  if (channels.length > 1) for (let i = 0; i < mono.length; i++) mono[i]! /= channels.length;
  return mono;
}

function join(pieces: readonly Float32Array[], nSamples: number): Float32Array {
  const joined = new Float32Array(nSamples);
  let start = 0;
  for (const piece of pieces) {
    joined.set(piece, start);
    start += piece.length;
  }
  return joined;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
