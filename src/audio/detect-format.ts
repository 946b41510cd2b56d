import { chunkId } from "./riff-chunks.ts";

/** The formats that are decoded here. `ogg-flac` and `flac` differ in their container only. */
export type AudioFormat =
  | "wav"
  | "aiff"
  | "mp3"
  | "aac"
  | "mp4"
  | "vorbis"
  | "opus"
  | "flac"
  | "ogg-flac"
  | "webm";

/** What the first bytes of a file say it is. `name` is for messages. */
export type Detection =
  | { kind: "audio"; format: AudioFormat; name: string }
  | { kind: "other-audio"; name: string }
  | { kind: "not-audio"; name: string };

/**
 * Recognises a file by its first bytes.
 *
 * @param bytes The file, not empty.
 * @returns A format decoded here; one that is known to be sound or video but not decoded; or something else, by name
 *   where that is cheap to tell.
 */
export function detectFormat(bytes: Uint8Array): Detection {
  const tagEnd = id3TagEnd(bytes);
  if (tagEnd > 0) return detectAfterTag(bytes, tagEnd);
  const audio = detectContainer(bytes) ?? detectOgg(bytes) ?? detectMpegStream(bytes);
  if (audio) return audio;
  for (const [kind, name, matches] of OTHERS) if (matches(bytes)) return { kind, name };
  return { kind: "not-audio", name: describeText(bytes) };
}

function detectContainer(bytes: Uint8Array): Detection | undefined {
  const id = chunkId(bytes, 0);
  const form = chunkId(bytes, 8);
  if (/^(RIFF|RIFX|RF64|BW64)$/.test(id) && form === "WAVE")
    return { kind: "audio", format: "wav", name: "WAV" };
  if (id === "FORM" && /^AIF[FC]$/.test(form)) return { kind: "audio", format: "aiff", name: "AIFF" };
  if (id === "fLaC") return { kind: "audio", format: "flac", name: "FLAC" };
  if (/^(ftyp|moov|styp)$/.test(chunkId(bytes, 4))) return { kind: "audio", format: "mp4", name: "MP4/M4A" };
  if (startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3])) return { kind: "audio", format: "webm", name: "WebM" };
  return undefined;
}

// The first packet of an Ogg stream follows its page header of 27 bytes and, here, one segment length.
function detectOgg(bytes: Uint8Array): Detection | undefined {
  if (chunkId(bytes, 0) !== "OggS") return undefined;
  const packet = String.fromCharCode(...bytes.subarray(28, 36));
  if (packet.startsWith("OpusHead")) return { kind: "audio", format: "opus", name: "Ogg Opus" };
  if (packet.startsWith("\x01vorbis")) return { kind: "audio", format: "vorbis", name: "Ogg Vorbis" };
  if (packet.startsWith("\x7fFLAC")) return { kind: "audio", format: "ogg-flac", name: "Ogg FLAC" };
  if (packet.startsWith("Speex")) return { kind: "other-audio", name: "Ogg Speex" };
  return { kind: "other-audio", name: "Ogg without a Vorbis, Opus or FLAC stream at its start" };
}

// ISO 11172-3 / 13818-3 frame header: 11 bits set, then version, layer, bit rate, sample rate, of which one value
// each is reserved. ADTS (ISO 13818-7): 12 bits set, layer 0, a sample rate index below 13.
function detectMpegStream(bytes: Uint8Array): Detection | undefined {
  const [sync = 0, second = 0, third = 0] = bytes;
  if (sync !== 0xff || second < 0xe0 || bytes.length < 4) return undefined;
  if ((second & 0xf6) === 0xf0) {
    return ((third >> 2) & 15) < 13 ? { kind: "audio", format: "aac", name: "AAC (ADTS)" } : undefined;
  }
  const reserved =
    (second & 0x18) === 0x08 || (second & 0x06) === 0 || third >> 4 === 15 || (third & 12) === 12;
  return reserved ? undefined : { kind: "audio", format: "mp3", name: "MP3" };
}

/**
 * Where an ID3v2 tag at the start of a file ends: its header of ten bytes holds its size in four groups of seven bits;
 * a footer of ten may follow.
 *
 * @param bytes The file.
 * @returns Bytes to skip, 0 without a tag; may lie beyond the end of the file.
 */
export function id3TagEnd(bytes: Uint8Array): number {
  if (bytes.length < 10 || chunkId(bytes, 0).slice(0, 3) !== "ID3") return 0;
  const size = bytes.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return 10 + size + (bytes[5]! & 0x10 ? 10 : 0);
}

function detectAfterTag(bytes: Uint8Array, tagEnd: number): Detection {
  const rest = bytes.subarray(tagEnd);
  if (chunkId(rest, 0) === "fLaC") return { kind: "audio", format: "flac", name: "FLAC" };
  const stream = detectMpegStream(rest);
  // Padding may follow the tag, so that whatever else it is goes to the MP3 decoder, which searches for frames.
  return stream ?? { kind: "audio", format: "mp3", name: "MP3" };
}

type Matcher = (bytes: Uint8Array) => boolean;

function startsWith(bytes: Uint8Array, magic: readonly number[] | string, offset = 0): boolean {
  const codes = typeof magic === "string" ? [...magic].map((letter) => letter.charCodeAt(0)) : magic;
  return codes.every((code, i) => bytes[offset + i] === code);
}

function magic(bytes: readonly number[] | string, offset = 0): Matcher {
  return (file) => startsWith(file, bytes, offset);
}

const OTHERS: readonly (readonly ["other-audio" | "not-audio", string, Matcher])[] = [
  ["other-audio", "AMR", magic("#!AMR")],
  ["other-audio", "Windows Media (ASF)", magic([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])],
  ["other-audio", "Apple CAF", magic("caff")],
  ["other-audio", "Sun AU", magic(".snd")],
  ["other-audio", "Sony Wave64", magic("riff")],
  ["other-audio", "MIDI", magic("MThd")],
  ["other-audio", "WavPack", magic("wvpk")],
  ["other-audio", "Monkey's Audio", magic("MAC ")],
  ["other-audio", "Musepack", magic("MPCK")],
  ["other-audio", "True Audio", magic("TTA1")],
  ["other-audio", "DSD", magic("DSD ")],
  ["other-audio", "QOA", magic("qoaf")],
  ["other-audio", "AC-3", magic([0x0b, 0x77])],
  ["other-audio", "DTS", magic([0x7f, 0xfe, 0x80, 0x01])],
  ["other-audio", "AVI", (bytes) => startsWith(bytes, "RIFF") && startsWith(bytes, "AVI ", 8)],
  ["other-audio", "Flash video", magic("FLV")],
  ["not-audio", "a PNG picture", magic([0x89, 0x50, 0x4e, 0x47])],
  ["not-audio", "a JPEG picture", magic([0xff, 0xd8, 0xff])],
  ["not-audio", "a GIF picture", magic("GIF8")],
  ["not-audio", "a WebP picture", (bytes) => startsWith(bytes, "RIFF") && startsWith(bytes, "WEBP", 8)],
  ["not-audio", "a PDF document", magic("%PDF")],
  ["not-audio", "a ZIP archive", magic("PK\x03\x04")],
  ["not-audio", "gzip-compressed data", magic([0x1f, 0x8b])],
  ["not-audio", "an XZ archive", magic([0xfd, 0x37, 0x7a, 0x58, 0x5a])],
  ["not-audio", "a program", magic("\x7fELF")],
  ["not-audio", "NumPy data", magic("\x93NUMPY")],
];

function describeText(bytes: Uint8Array): string {
  const head = bytes.subarray(0, 256);
  const isText = head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  if (!isText) return "unknown data";
  const text = String.fromCharCode(...head)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()
    .toLowerCase();
  if (/^(<!doctype html|<html)/.test(text)) return "an HTML page";
  if (text.startsWith("<")) return "XML";
  if (/^[{[]/.test(text)) return "JSON";
  if (text.startsWith("version https://git-lfs")) return "a Git LFS pointer";
  return "text";
}
