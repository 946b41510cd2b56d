// Which format a file is of, by its bytes; of what is not decoded here, its name.

import { findFrames, readAdtsHeader, readMpegHeader } from "./containers/mpeg-frames.ts";
import { chunkId } from "./riff-chunks.ts";

/** The formats that are decoded here, by their containers. */
export type AudioFormat =
  | "wav"
  | "aiff"
  | "caf"
  | "mp3"
  | "aac"
  | "mp4"
  | "ogg"
  | "flac"
  | "matroska"
  | "amr"
  | "au"
  | "wave64"
  | "sphere";

/** What the first bytes of a file say it is. `name` is for messages. */
export type Detection =
  | { kind: "audio"; format: AudioFormat; name: string }
  | { kind: "other-audio"; name: string }
  | { kind: "not-audio"; name: string };

/**
 * Recognises a file by its first bytes.
 *
 * @param bytes The file, less the tags at its start.
 * @returns A format decoded here; one that is known to be sound or video but not decoded; or something else, by name
 *   where that is cheap to tell.
 */
export function detectFormat(bytes: Uint8Array): Detection {
  const audio = detectContainer(bytes) ?? detectFrames(bytes, 1);
  if (audio) return audio;
  for (const [kind, name, matches] of OTHERS) if (matches(bytes)) return { kind, name };
  return (
    detectFrames(bytes, JUNK_BYTES) ??
    detectLoneFrame(bytes) ?? { kind: "not-audio", name: describeText(bytes) }
  );
}

/**
 * What a file is whose first bytes are no samples: they begin with a tag, a container, frames or text.
 *
 * @param bytes The beginning of a file, or samples without a header.
 * @returns Its name; undefined where they may well be samples.
 */
export function nameOfFile(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, "ID3")) return NAMES.mp3;
  const found = detectContainer(bytes) ?? detectFrames(bytes, 1);
  if (found?.kind === "audio") return found.name;
  // Quiet samples are bytes of 0 and 255.
  const isAscii = bytes.subarray(0, 256).every((byte) => byte < 127);
  const text = isAscii ? describeText(bytes) : "unknown data";
  return text === "unknown data" ? undefined : text;
}

// How far into a file the first MP3 or AAC frame is searched for.
const JUNK_BYTES = 65_536;

const NAMES: Record<AudioFormat, string> = {
  wav: "WAV",
  aiff: "AIFF",
  caf: "CAF",
  mp3: "MP3",
  aac: "AAC (ADTS)",
  mp4: "MP4/M4A",
  ogg: "Ogg",
  flac: "FLAC",
  matroska: "WebM/Matroska",
  amr: "AMR",
  au: "AU",
  wave64: "Wave64",
  sphere: "SPHERE",
};

function audio(format: AudioFormat): Detection {
  return { kind: "audio", format, name: NAMES[format] };
}

function detectContainer(bytes: Uint8Array): Detection | undefined {
  const id = chunkId(bytes, 0);
  const form = chunkId(bytes, 8);
  if (/^(RIFF|RIFX|RF64|BW64)$/.test(id) && form === "WAVE") return audio("wav");
  if (id === "FORM" && /^AIF[FC]$/.test(form)) return audio("aiff");
  if (id === "fLaC") return audio("flac");
  if (id === "OggS") return audio("ogg");
  if (id === "caff") return audio("caf");
  if (startsWith(bytes, "#!AMR")) return audio("amr");
  if (id === ".snd" || id === "dns.") return audio("au");
  if (startsWith(bytes, WAVE64_GUID)) return audio("wave64");
  if (startsWith(bytes, "NIST_1A\n")) return audio("sphere");
  if (isHeif(bytes)) return undefined;
  // QuickTime files may begin with their samples, or with room that was left.
  if (/^(ftyp|moov|styp|mdat|wide|free|skip|pnot|uuid)$/.test(chunkId(bytes, 4))) return audio("mp4");
  if (startsWith(bytes, [0x1a, 0x45, 0xdf, 0xa3])) return audio("matroska");
  return undefined;
}

// The letters `riff` and the rest of the GUID that Sony gave them.
const WAVE64_GUID = [
  0x72, 0x69, 0x66, 0x66, 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00,
];

// Frames count where others follow: any bytes may begin like one.
function detectFrames(bytes: Uint8Array, to: number): Detection | undefined {
  const mp3 = findFrames(bytes, readMpegHeader, { to });
  const aac = findFrames(bytes, readAdtsHeader, { to });
  if (mp3 < 0 && aac < 0) return undefined;
  return audio(aac < 0 || (mp3 >= 0 && mp3 < aac) ? "mp3" : "aac");
}

// A file of one frame, or less than that.
function detectLoneFrame(bytes: Uint8Array): Detection | undefined {
  const mp3 = readMpegHeader(bytes, 0);
  if (mp3 && mp3.length >= bytes.length) return audio("mp3");
  const aac = readAdtsHeader(bytes, 0);
  return aac && aac.length >= bytes.length ? audio("aac") : undefined;
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
  ["other-audio", "Windows Media (ASF)", magic([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])],
  ["other-audio", "MIDI", magic("MThd")],
  ["other-audio", "WavPack", magic("wvpk")],
  ["other-audio", "Monkey's Audio", magic("MAC ")],
  ["other-audio", "Musepack", (bytes) => startsWith(bytes, "MPCK") || startsWith(bytes, "MP+")],
  ["other-audio", "MP3 of a free bit rate", isFreeMp3],
  ["other-audio", "Shorten", magic("ajkg")],
  ["other-audio", "TAK", magic("tBaK")],
  ["other-audio", "OptimFROG", magic("OFR ")],
  ["other-audio", "iLBC", magic("#!iLBC")],
  ["other-audio", "DSDIFF", magic("FRM8")],
  ["other-audio", "True Audio", magic("TTA1")],
  ["other-audio", "DSD", magic("DSD ")],
  ["other-audio", "QOA", magic("qoaf")],
  ["other-audio", "AC-3", magic([0x0b, 0x77])],
  ["other-audio", "DTS", magic([0x7f, 0xfe, 0x80, 0x01])],
  ["other-audio", "AVI", (bytes) => startsWith(bytes, "RIFF") && startsWith(bytes, "AVI ", 8)],
  ["other-audio", "Flash video", magic("FLV")],
  ["other-audio", "Flash", (bytes) => startsWith(bytes, "FWS") || startsWith(bytes, "CWS")],
  ["other-audio", "SILK, as voice messages of WeChat and QQ have it", isSilk],
  ["other-audio", "QCELP (a recording of an older phone)", (bytes) => startsWith(bytes, "QLCM", 8)],
  ["other-audio", "EVRC", magic("#!EVRC")],
  ["other-audio", "DSS (a dictation machine)", magic("\x02dss")],
  ["other-audio", "DS2 (a dictation machine)", magic("\x03ds2")],
  ["other-audio", "Sony's format of dictation machines", magic("MS_VOICE")],
  ["other-audio", "RealAudio", (bytes) => startsWith(bytes, ".RMF") || startsWith(bytes, ".ra\xfd")],
  ["other-audio", "Creative Voice (VOC)", magic("Creative Voice File")],
  ["other-audio", "SoX's own format", (bytes) => startsWith(bytes, ".SoX") || startsWith(bytes, "XoS.")],
  ["other-audio", "IRCAM sound", isIrcam],
  ["other-audio", "8SVX", (bytes) => startsWith(bytes, "FORM") && startsWith(bytes, "8SVX", 8)],
  ["other-audio", "Yamaha MMF (a ring tone)", magic("MMMD")],
  ["other-audio", "NUT", magic("nut/multimedia container")],
  ["other-audio", "TrueHD", magic([0xf8, 0x72, 0x6f, 0xba], 4)],
  ["other-audio", "sound packed for S/PDIF", magic([0x72, 0xf8, 0x1f, 0x4e])],
  ["other-audio", "an MPEG program stream", magic([0x00, 0x00, 0x01, 0xba])],
  ["other-audio", "an MPEG transport stream", isTransportStream],
  ["other-audio", "AAC in LATM frames", isLatm],
  ["not-audio", "a HEIC or AVIF picture", isHeif],
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

// Tencent puts a byte before the name that SILK's own files begin with.
function isSilk(bytes: Uint8Array): boolean {
  return startsWith(bytes, "#!SILK_V3") || startsWith(bytes, "\x02#!SILK_V3");
}

// The third byte is the machine it was written on.
function isIrcam(bytes: Uint8Array): boolean {
  const isBig = startsWith(bytes, [0x64, 0xa3]) && bytes[3] === 0;
  return isBig || (bytes[0] === 0 && startsWith(bytes, [0xa3, 0x64], 2));
}

// Packets of 188 bytes, each with the same first byte.
function isTransportStream(bytes: Uint8Array): boolean {
  return [0, 188, 376].every((at) => bytes[at] === 0x47);
}

function isHeif(bytes: Uint8Array): boolean {
  return /^ftyp(hei[cx]|mif1|avif)$/.test(chunkId(bytes, 4) + chunkId(bytes, 8));
}

// A header without a bit rate, and two more like it at even distances, of which padding takes or gives a byte.
function isFreeMp3(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || (bytes[1]! & 0xe6) !== 0xe2 || bytes[2]! >> 4 !== 0) return false;
  const isHeader = (at: number) =>
    [0, 1].every((i) => bytes[at + i] === bytes[i]) && bytes[at + 2]! >> 4 === 0;
  for (let length = 24; length < 8192; length++) {
    if (isHeader(length) && [-1, 0, 1].some((more) => isHeader(2 * length + more))) return true;
  }
  return false;
}

// Eleven bits of sync, then thirteen of length up to the next.
function isLatm(bytes: Uint8Array): boolean {
  const isSync = (at: number) => bytes[at] === 0x56 && (bytes[at + 1]! & 0xe0) === 0xe0;
  return isSync(0) && isSync(3 + ((bytes[1]! & 0x1f) << 8) + bytes[2]!);
}

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
