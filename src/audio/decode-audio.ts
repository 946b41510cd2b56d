// From the bytes of an audio file to mono samples: what it is, its track, packet by packet, within limits.

import { AudioFormatError, InvalidArgumentError, SpokenDigitsError } from "../errors.ts";
import {
  type AudioClip,
  type ClipLimits,
  ClipMixer,
  checkLimits,
  checkSamples,
  DEFAULT_MAX_SAMPLES,
} from "./audio-clip.ts";
import type { DecodedBlock, PacketDecoder } from "./codecs/codec.ts";
import { type Detection, detectFormat } from "./detect-format.ts";
import { damaged, truncated, unsupported } from "./format-faults.ts";
import { checkRate } from "./resample.ts";
import { chunkId } from "./riff-chunks.ts";
import { MAX_TRACKS, type Packet, type Track } from "./track.ts";

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
let formats: Promise<typeof import("./formats.ts")> | undefined;

function loadFormats(): Promise<typeof import("./formats.ts")> {
  formats ??= import("./formats.ts");
  return formats;
}

async function decodeDetected(bytes: Uint8Array, limits: ClipLimits): Promise<AudioClip> {
  const start = skipTags(bytes);
  const sound = bytes.subarray(start);
  const detection = detectFormat(sound);
  if (detection.kind === "audio") {
    const { format, name } = detection;
    const { DEMUXERS } = await loadFormats();
    return decodeTrack(DEMUXERS[format](sound), { name, ...limits });
  }
  throw refusal(detection, { nBytes: bytes.length, isTagged: start > 0 });
}

function refusal(
  { kind, name }: Exclude<Detection, { kind: "audio" }>,
  { nBytes, isTagged }: { nBytes: number; isTagged: boolean },
): AudioFormatError {
  if (kind === "other-audio") {
    return unsupported(name, "WAV, AIFF, AU, CAF, FLAC, MP3, M4A, AAC, Ogg, WebM and AMR");
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

/** One of each kind is usual; a program that puts another in front each time leaves a few. */
const MAX_TAGS = 100;

/**
 * Where the sound begins behind the tags and the padding at the start of a file.
 *
 * @param bytes The file.
 * @returns Bytes to pass over; 0 without a tag, the length of the file at most.
 * @throws {AudioFormatError} `audio-damaged`: a file of nothing but tags would keep the decoder for long.
 */
function skipTags(bytes: Uint8Array): number {
  let at = 0;
  let nTags = 0;
  for (let end = tagEnd(bytes, at); end > at; end = tagEnd(bytes, at)) {
    at = end;
    if (++nTags > MAX_TAGS) throw damaged(`the file begins with over ${MAX_TAGS} tags`);
  }
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

/** How a file is to be decoded. `name` is its format, for messages. */
type DecodeOptions = ClipLimits & { name: string };

/**
 * Decodes a track, packet by packet, and stops once a limit is passed.
 *
 * @param track The track.
 * @param options Limits, the rate of the clip, and the format's name for messages.
 * @returns Mono, the mean of all channels, or the loudest one where they cancel each other; at least one sample.
 * @throws {AudioFormatError} `audio-unsupported`, `audio-truncated`, `audio-damaged`, `audio-no-samples`,
 *   `audio-too-long`.
 */
export async function decodeTrack(track: Track, options: DecodeOptions): Promise<AudioClip> {
  checkPromise(track, options);
  const mixed = await mixTracks(track, options);
  const { cancelledBy } = mixed.mixer;
  // The packets are there still: reading them twice costs less memory than keeping each channel of every file.
  const { mixer, nBad } = cancelledBy === undefined ? mixed : await mixTracks(track, options, cancelledBy);
  const { nPromised = 0, note } = track;
  if (mixer.nFrames < nPromised) throw tooFew({ nPromised, nFrames: mixer.nFrames, nBad, ...options });
  const clip = mixer.build();
  if (!clip) throw nothingDecoded(track, { nBad, ...options });
  const notes = [note, cancelledBy === undefined ? undefined : CANCELLED_NOTE, cutNote(track)].filter(
    Boolean,
  );
  return notes.length === 0 ? clip : { ...clip, note: notes.join("; ") };
}

// A header that promises more than the limit spares the decoding: fewer samples would be an error as well.
function checkPromise({ nPromised = 0, durationSeconds }: Track, limits: ClipLimits): void {
  if (nPromised === 0 || durationSeconds === undefined) return;
  checkLimits({ nFrames: nPromised, nChannels: 1, sampleRate: nPromised / durationSeconds }, limits);
}

const CANCELLED_NOTE = "the channels cancel each other, the loudest was taken";

function cutNote(track: Track): string | undefined {
  return track.isCut?.() ? "the file is cut short, what is there was read" : undefined;
}

// A damaged packet takes as long as an intact one and brings nothing that the limits would count: a file of 16 MB holds two
// million of them. Where nearly all are damaged, those that follow are not tried.
const FREE_BAD = 4096;
const BAD_PER_GOOD = 4;

type Mixed = { mixer: ClipMixer; nBad: number };

async function mixTracks(track: Track, options: DecodeOptions, channel?: number): Promise<Mixed> {
  const mixer = new ClipMixer({ ...options, channel });
  let nBad = 0;
  let next: Track | undefined = track;
  for (let n = 0; next && n < MAX_TRACKS; n++) {
    nBad += await mixTrack(next, { ...options, mixer });
    next = next.next?.();
  }
  return { mixer, nBad };
}

/** @returns How many packets are damaged. */
async function mixTrack(track: Track, options: DecodeOptions & { mixer: ClipMixer }): Promise<number> {
  const { openDecoder } = await loadFormats();
  const decoder = await openDecoder(track.codec, options);
  const { mixer } = options;
  const { leastSkipped } = decoder;
  mixer.begin({ ...track, leastSkipped });
  let [nGood, nBad] = [0, 0];
  let intact = false;
  try {
    for (const packet of track.packets) {
      if (await addPacket(packet, { decoder, mixer })) nGood++;
      else nBad++;
      if (nBad > FREE_BAD + BAD_PER_GOOD * nGood) break;
    }
    nBad += decoder.nDamaged ?? 0;
    intact = nBad === 0;
  } finally {
    decoder.release(intact);
  }
  return nBad;
}

// A damaged packet is left out, as every player does: what it was may be one of a thousand.
async function addPacket(
  packet: Packet,
  { decoder, mixer }: { decoder: PacketDecoder; mixer: ClipMixer },
): Promise<boolean> {
  try {
    mixer.endIn(packet.restSeconds);
    const decoded = decoder.decode(packet.data);
    const blocks = decoded instanceof Promise ? await decoded : decoded;
    for (const block of blocks) mixer.add(cutEnd(block, packet));
    return true;
  } catch (error) {
    const isDamage = !(error instanceof SpokenDigitsError) || error.code === "audio-damaged";
    if (!isDamage) throw error;
    return false;
  }
}

function cutEnd(block: DecodedBlock, { discardSeconds = 0 }: Packet): DecodedBlock {
  if (!(discardSeconds > 0)) return block;
  const { channels, sampleRate } = block;
  const nKept = Math.max(0, channels[0]!.length - Math.round(discardSeconds * sampleRate));
  return { sampleRate, channels: channels.map((samples) => samples.subarray(0, nKept)) };
}

type Count = { name: string; nBad: number };

function tooFew({
  name,
  nBad,
  nPromised,
  nFrames,
}: Count & { nPromised: number; nFrames: number }): AudioFormatError {
  const said = `the ${name} header promises ${nPromised} samples, ${nFrames} are there`;
  return nBad > 0 ? damaged(`${said}; ${nBad} packets are damaged`) : truncated(said);
}

function nothingDecoded(track: Track, { name, nBad }: Count): AudioFormatError {
  if (track.isCut?.()) {
    return truncated(`the ${name} file ends before its first sound`);
  }
  return nBad > 0
    ? damaged(`none of the ${nBad} ${name} packets can be decoded`)
    : new AudioFormatError("audio-no-samples", `decodeAudio: the ${name} data holds no sound`);
}
