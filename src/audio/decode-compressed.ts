import decode from "audio-decode";
import { AudioFormatError } from "../errors.ts";
import { type AudioClip, checkDuration, checkSampleRate } from "./audio-clip.ts";
import { checkFlac } from "./check-flac.ts";
import { ClipBuilder } from "./clip-builder.ts";
import { type AudioFormat, id3TagEnd } from "./detect-format.ts";
import { prepareMp4 } from "./prepare-mp4.ts";
import { chunkId } from "./riff-chunks.ts";

/** Formats that go through audio-decode. */
type CompressedFormat = Exclude<AudioFormat, "wav" | "aiff">;

type Options = { format: CompressedFormat; name: string; maxDurationMs: number; targetRate?: number };

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

// Input goes in by pieces, so that the limit is met before a small file of silence has unfolded into gigabytes.
const PIECE_BYTES = 2048;
const MAX_CHANNELS = 8;

/**
 * Decodes a compressed file with audio-decode (WebAssembly codecs, loaded on first use).
 *
 * @param bytes The file.
 * @param options.format What it is.
 * @param options.name The same for messages.
 * @param options.maxDurationMs Decoding stops once this is exceeded.
 * @param options.targetRate Of the clip, in Hz. Default: the file's own rate.
 * @returns Mono, the mean of all channels, at least one sample.
 * @throws {AudioFormatError} `audio-unsupported`, `audio-truncated`, `audio-damaged`, `audio-no-samples`,
 *   `audio-too-long`.
 */
export async function decodeCompressed(bytes: Uint8Array, options: Options): Promise<AudioClip> {
  const source = prepare(bytes, options);
  const { clip, nSource } = await decodePieces(source, options);
  if (nSource < source.nPromised) {
    throw new AudioFormatError(
      "audio-truncated",
      `decodeAudio: the ${options.name} header promises ${source.nPromised} samples, ${nSource} are there`,
    );
  }
  if (!clip) throw nothingDecoded(bytes, options);
  return clip;
}

// `headLength`: bytes that go in at once, before the pieces. `nPromised`: samples according to the header, 0: not said.
type Source = { bytes: Uint8Array; headLength: number; nPromised: number };

function prepare(bytes: Uint8Array, options: Options): Source {
  const plain = { bytes, headLength: 0, nPromised: 0 };
  switch (options.format) {
    case "mp4":
      return { ...plain, ...prepareMp4(bytes, options) };
    case "flac": {
      const flac = bytes.subarray(id3TagEnd(bytes));
      return { bytes: flac, headLength: flac.length, ...checkFlac(flac, options) };
    }
    case "vorbis":
      checkChannels(bytes[39] ?? 0, options);
      return plain;
    case "opus":
    case "webm":
      checkChannels(opusChannels(bytes), options);
      return plain;
    default:
      return plain;
  }
}

// The channel count follows "OpusHead" and a version, in Ogg and in WebM alike.
function opusChannels(bytes: Uint8Array): number {
  const head = Math.min(bytes.length, 65_536) - 10;
  for (let at = bytes.indexOf(0x4f); at >= 0 && at <= head; at = bytes.indexOf(0x4f, at + 1)) {
    if (chunkId(bytes, at) === "Opus" && chunkId(bytes, at + 4) === "Head") return bytes[at + 9]!;
  }
  return 0;
}

function checkChannels(nChannels: number, { name }: Options): void {
  if (nChannels <= MAX_CHANNELS) return;
  throw new AudioFormatError(
    "audio-unsupported",
    `decodeAudio: ${name} with ${nChannels} channels is not supported; up to ${MAX_CHANNELS} are`,
  );
}

async function decodePieces(
  source: Source,
  options: Options,
): Promise<{ clip: AudioClip | null; nSource: number }> {
  const { bytes, headLength } = source;
  const decoder = await CODECS[options.format]();
  const mix = new Mix(options);
  try {
    for (let start = 0, end = 0; start < bytes.length; start = end) {
      end = start + (start === 0 && headLength > 0 ? headLength : PIECE_BYTES);
      mix.add(await decoder(bytes.slice(start, end)));
    }
    mix.add(await decoder());
  } catch (error) {
    throw asFormatError(error, options);
  } finally {
    decoder.free();
  }
  return { clip: mix.build(), nSource: mix.nSource };
}

// What has been decoded so far, as one channel.
class Mix {
  readonly #options: Options;
  #sampleRate = 0;
  #clip: ClipBuilder | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  get nSource(): number {
    return this.#clip?.nSource ?? 0;
  }

  add(decoded: { channelData: readonly Float32Array[]; sampleRate: number }): void {
    if (decoded.channelData.length === 0) return;
    if (!this.#clip) {
      this.#sampleRate = decoded.sampleRate;
      checkSampleRate(this.#sampleRate);
      this.#clip = new ClipBuilder(this.#sampleRate, this.#options.targetRate);
    }
    this.#clip.add(mixToMono(decoded.channelData));
    const { maxDurationMs } = this.#options;
    checkDuration(this.nSource, { sampleRate: this.#sampleRate, maxDurationMs });
  }

  build(): AudioClip | null {
    return this.nSource > 0 ? this.#clip!.build() : null;
  }
}

function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const mono = channels[0]!.slice();
  for (const channel of channels.slice(1)) for (let i = 0; i < mono.length; i++) mono[i]! += channel[i]!;
  if (channels.length > 1) for (let i = 0; i < mono.length; i++) mono[i]! /= channels.length;
  return mono;
}

function asFormatError(error: unknown, { name }: Options): AudioFormatError {
  if (error instanceof AudioFormatError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const code = /unsupported|no decoder/i.test(reason) ? "audio-unsupported" : "audio-damaged";
  return new AudioFormatError(code, `decodeAudio: cannot decode the ${name} data (${reason})`, {
    cause: error,
  });
}

// The codecs skip what they cannot use, without a word: where that was everything, the cause has to be guessed.
function nothingDecoded(bytes: Uint8Array, { name, format }: Options): AudioFormatError {
  const isCut = (format === "opus" || format === "vorbis" || format === "ogg-flac") && !hasLastOggPage(bytes);
  return isCut
    ? new AudioFormatError("audio-truncated", `decodeAudio: the ${name} stream ends before its first sound`)
    : new AudioFormatError(
        "audio-no-samples",
        `decodeAudio: no sound could be decoded from the ${name} data`,
      );
}

// RFC 3533: the last page of a stream has bit 2 of its flags set.
function hasLastOggPage(bytes: Uint8Array): boolean {
  for (let at = bytes.lastIndexOf(0x4f); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(0x4f, at - 1)) {
    if (chunkId(bytes, at) === "OggS") return ((bytes[at + 5] ?? 0) & 4) !== 0;
  }
  return false;
}
