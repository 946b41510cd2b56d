import { AudioFormatError, InvalidArgumentError } from "../errors.ts";
import { type AudioClip, checkSamples } from "./audio-clip.ts";
import { type ClipLimits, DEFAULT_MAX_SAMPLES } from "./clip-mixer.ts";
import { decodeTrack } from "./decode-track.ts";
import { type Detection, detectFormat } from "./detect-format.ts";
import { checkRate } from "./resample.ts";
import { chunkId } from "./riff-chunks.ts";

export type { AudioClip } from "./audio-clip.ts";

/** Settings of {@link decodeAudio}. */
export type DecodeAudioOptions = {
  /** Longest duration accepted, in milliseconds, > 0. Default: 600,000 (ten minutes). */
  maxDurationMs?: number;
  /**
   * Most samples accepted, all channels together, > 0. Default: as many as 8 channels at 48 kHz have in that duration, and
   * no more than 57,600,000 (ten minutes of stereo).
   */
  maxSamples?: number;
  /**
   * The clip's rate in Hz, a whole number, 100..768000. A long recording is converted while it is decoded, and so takes
   * no more memory than at this rate. Default: the file's own.
   */
  sampleRate?: number;
};

const DEFAULT_MAX_DURATION_MS = 600_000;

// Of 8 channels at 48 kHz: where recordings have to be short, a small file may not ask for the work of a long one.
const USUAL_SAMPLES_PER_MS = 384;

/**
 * Decodes an audio file from its bytes, the same in Node and in the browser: WAV, Wave64, AIFF, AU, CAF, SPHERE, FLAC,
 * MP3, AAC; MP4, M4A, MOV and 3GP; Ogg, WebM and Matroska with Opus, Vorbis, FLAC, MP3, AAC, ALAC or PCM; AMR. Tags and
 * junk around them are passed over. Codecs are loaded when first needed.
 *
 * @param bytes The whole file. Its name and type play no part.
 * @param options Limits, which hold while it is decoded, and the rate of the clip.
 * @returns The mean of all channels, or the loudest where they cancel each other; at least one sample, all finite.
 *   `note` says what was odd about the file and was read all the same.
 * @throws {AudioFormatError} `audio-empty`: no bytes; `audio-unrecognised`: no audio (says what it looks like);
 *   `audio-unsupported`: a known format or codec that is not decoded here, by name; `audio-truncated`: ends before its
 *   first sound, or before its header says; `audio-damaged`: contradicts itself; `audio-no-samples`;
 *   `audio-non-finite`; `audio-too-long`. A file cut short may also give the samples up to there, with a note.
 * @throws {InvalidArgumentError} `bytes` is no Uint8Array, a limit is not > 0, or `sampleRate` is out of range.
 */
export async function decodeAudio(bytes: Uint8Array, options: DecodeAudioOptions = {}): Promise<AudioClip> {
  const {
    maxDurationMs = DEFAULT_MAX_DURATION_MS,
    maxSamples = Math.min(DEFAULT_MAX_SAMPLES, maxDurationMs * USUAL_SAMPLES_PER_MS),
    sampleRate: targetRate,
  } = options;
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidArgumentError(`decodeAudio: bytes must be a Uint8Array, got ${typeof bytes}`);
  }
  for (const [name, value] of Object.entries({ maxDurationMs, maxSamples })) {
    if (!(value > 0)) throw new InvalidArgumentError(`decodeAudio: ${name} must be > 0, got ${value}`);
  }
  if (targetRate !== undefined) checkRate("targetRate", targetRate, 100);
  if (bytes.length === 0) throw new AudioFormatError("audio-empty", "decodeAudio: the audio holds no bytes");
  const clip = await decodeDetected(bytes, { maxDurationMs, maxSamples, targetRate });
  checkSamples(clip.samples);
  return clip;
}

// Kept, because to import it anew takes as long as to decode a short recording.
let demuxers: Promise<typeof import("./containers/demuxers.ts")> | undefined;

async function decodeDetected(bytes: Uint8Array, limits: ClipLimits): Promise<AudioClip> {
  const start = skipTags(bytes);
  const sound = bytes.subarray(start);
  const detection = detectFormat(sound);
  if (detection.kind === "audio") {
    const { format, name } = detection;
    demuxers ??= import("./containers/demuxers.ts");
    const { DEMUXERS } = await demuxers;
    return decodeTrack(DEMUXERS[format](sound), { name, ...limits });
  }
  throw refusal(detection, { nBytes: bytes.length, isTagged: start > 0 });
}

function refusal(
  { kind, name }: Exclude<Detection, { kind: "audio" }>,
  { nBytes, isTagged }: { nBytes: number; isTagged: boolean },
): AudioFormatError {
  if (kind === "other-audio") {
    return new AudioFormatError(
      "audio-unsupported",
      `decodeAudio: ${name} is not supported; WAV, AIFF, AU, CAF, FLAC, MP3, M4A, AAC, Ogg, WebM and AMR are`,
    );
  }
  // A tag is put before sound, of which none is left here.
  return isTagged
    ? new AudioFormatError(
        "audio-no-samples",
        "decodeAudio: no sound follows the tag at the start of the file",
      )
    : new AudioFormatError(
        "audio-unrecognised",
        `decodeAudio: no audio format known here; the ${nBytes} bytes look like ${name}`,
      );
}

// Tags that editors put around the sound of any format: ID3v2 (id3.org/id3v2.4.0-structure), APEv2, ID3v1.

/**
 * Where the sound begins behind the tags and the padding at the start of a file.
 *
 * @param bytes The file.
 * @returns Bytes to pass over; 0 without a tag, the length of the file at most.
 */
function skipTags(bytes: Uint8Array): number {
  let at = 0;
  for (let end = tagEnd(bytes, at); end > at; end = tagEnd(bytes, at)) at = end;
  return Math.min(at, bytes.length);
}

// Padding may follow that the tag's size leaves out. A box of MP4 begins with zeros of its own.
function tagEnd(bytes: Uint8Array, at: number): number {
  const end = Math.max(id3End(bytes, at), apeEnd(bytes, at));
  if (end <= at) return at;
  let next = end;
  while (bytes[next] === 0) next++;
  for (let box = Math.max(end, next - 3); box < next; box++) {
    if (/^(ftyp|moov|mdat|wide|free|skip|styp|uuid)$/.test(chunkId(bytes, box + 4))) return box;
  }
  return next;
}

// A header of ten bytes holds the size in four groups of seven bits; a footer of ten may follow.
function id3End(bytes: Uint8Array, at: number): number {
  if (at + 10 > bytes.length || !chunkId(bytes, at).startsWith("ID3")) return at;
  const size = bytes.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return at + 10 + size + (bytes[at + 5]! & 0x10 ? 10 : 0);
}

// A header of 32 bytes; the size counts what follows it.
function apeEnd(bytes: Uint8Array, at: number): number {
  if (at + 32 > bytes.length || chunkId(bytes, at) + chunkId(bytes, at + 4) !== "APETAGEX") return at;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return at + 32 + view.getUint32(at + 12, true);
}
