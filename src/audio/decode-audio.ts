import { AudioFormatError, InvalidArgumentError } from "../errors.ts";
import { type AudioClip, checkSamples } from "./audio-clip.ts";
import { decodeAiff } from "./decode-aiff.ts";
import { decodeWav } from "./decode-wav.ts";
import { detectFormat } from "./detect-format.ts";

export type { AudioClip } from "./audio-clip.ts";

const DEFAULT_MAX_DURATION_MS = 600_000;

/**
 * Decodes an audio file from its bytes, the same in Node and in the browser: WAV, AIFF, MP3, M4A and AAC, Ogg Vorbis,
 * Ogg Opus, FLAC, WebM with Opus. WAV and AIFF are read here; the codecs of the others are loaded when first needed.
 *
 * @param bytes The whole file. Its name and type play no part.
 * @param options.maxDurationMs Longest duration accepted, in milliseconds, > 0. Default: 600,000 (ten minutes).
 * @param options.sampleRate The clip's, in Hz, a whole number, 100..768000. A long recording is converted while it is
 *   decoded, and so takes no more memory than at this rate. Default: the file's own.
 * @returns The mean of all channels, at least one sample, all finite.
 * @throws {AudioFormatError} `audio-empty`: no bytes; `audio-unrecognised`: no audio (says what it looks like);
 *   `audio-unsupported`: a known format or codec that is not decoded here, by name; `audio-truncated`: ends before its
 *   header says; `audio-damaged`: contradicts itself; `audio-no-samples`; `audio-non-finite`; `audio-too-long`. A
 *   compressed file cut short may also give the samples up to there.
 * @throws {InvalidArgumentError} `bytes` is no Uint8Array, `maxDurationMs` is not > 0, or `sampleRate` is out of range.
 */
export async function decodeAudio(
  bytes: Uint8Array,
  options: { maxDurationMs?: number; sampleRate?: number } = {},
): Promise<AudioClip> {
  const { maxDurationMs = DEFAULT_MAX_DURATION_MS, sampleRate: targetRate } = options;
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidArgumentError(`decodeAudio: bytes must be a Uint8Array, got ${typeof bytes}`);
  }
  if (!(maxDurationMs > 0)) {
    throw new InvalidArgumentError(`decodeAudio: maxDurationMs must be > 0, got ${maxDurationMs}`);
  }
  if (bytes.length === 0) throw new AudioFormatError("audio-empty", "decodeAudio: the audio holds no bytes");
  const clip = await decodeDetected(bytes, { maxDurationMs, targetRate });
  checkSamples(clip.samples);
  return clip;
}

async function decodeDetected(
  bytes: Uint8Array,
  options: { maxDurationMs: number; targetRate?: number },
): Promise<AudioClip> {
  const detection = detectFormat(bytes);
  if (detection.kind === "not-audio") {
    throw new AudioFormatError(
      "audio-unrecognised",
      `decodeAudio: no audio format known here; the ${bytes.length} bytes look like ${detection.name}`,
    );
  }
  if (detection.kind === "other-audio") {
    throw new AudioFormatError(
      "audio-unsupported",
      `decodeAudio: ${detection.name} is not supported; WAV, AIFF, FLAC, MP3, M4A, Ogg and WebM are`,
    );
  }
  const { format, name } = detection;
  if (format === "wav") return decodeWav(bytes, options);
  if (format === "aiff") return decodeAiff(bytes, options);
  const { decodeCompressed } = await import("./decode-compressed.ts");
  return decodeCompressed(bytes, { format, name, ...options });
}
