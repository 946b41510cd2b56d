// Sample entries: ISO/IEC 14496-12 8.5.2 and 14496-14 (esds), Apple's QuickTime File Format (versions 1 and 2, `wave`),
// the Opus and FLAC mappings (dOps, dfLa), Apple's ALAC ("alac" box), 3GPP TS 26.244 (samr, sawb).

import { ByteReader } from "../byte-reader.ts";
import { unsupported } from "../format-faults.ts";
import type { PcmLayout } from "../pcm.ts";
import type { TrackCodec } from "../track.ts";
import { damagedMp4, findBox } from "./mp4-boxes.ts";

/** The fields of a sound sample entry, and the boxes behind them. */
type SoundEntry = {
  type: string;
  nChannels: number;
  bitsPerSample: number;
  sampleRate: number;
  /** QuickTime's version 2: how PCM is stored. */
  lpcmFlags: number;
  boxes: Uint8Array;
};

/**
 * How the packets of a track are coded.
 *
 * @param stsd Content of the track's `stsd` box; its first entry counts.
 * @throws {AudioFormatError} `audio-unsupported`: a codec not decoded here, by name; `audio-damaged`.
 */
export function readCodec(stsd: Uint8Array): TrackCodec {
  const entry = readEntry(stsd);
  switch (entry.type) {
    case "mp4a":
      return readMpeg4(entry);
    case ".mp3":
    case "ms\0U":
      return { kind: "mp3" };
    case "alac":
      return { kind: "alac", cookie: needBox(entry, "alac").subarray(4) };
    case "Opus":
      return { kind: "opus", head: opusHead(needBox(entry, "dOps")) };
    case "fLaC":
      return { kind: "flac", streamInfo: needBox(entry, "dfLa").subarray(8, 42) };
    case "samr":
    case "sawb":
      return { kind: "amr", wide: entry.type === "sawb" };
    default:
      return readPcm(entry);
  }
}

function readEntry(stsd: Uint8Array): SoundEntry {
  const reader = new ByteReader(stsd, "MP4 stsd box");
  reader.skip(8); // version, flags, number of entries
  const size = reader.u32();
  const type = reader.text(4);
  const entry = new ByteReader(reader.take(Math.min(size - 8, reader.remaining)), "MP4 sample entry");
  entry.skip(8);
  const version = entry.u16();
  entry.skip(6);
  const fields = { type, nChannels: entry.u16(), bitsPerSample: entry.u16(), lpcmFlags: 0 };
  entry.skip(4);
  const sampleRate = entry.u32() / 65_536;
  if (version === 2) return readVersion2(entry, type);
  if (version === 1) entry.skip(Math.min(16, entry.remaining));
  return { ...fields, sampleRate, boxes: entry.rest() };
}

function readVersion2(entry: ByteReader, type: string): SoundEntry {
  entry.skip(4);
  const sampleRate = entry.f64();
  const nChannels = entry.u32();
  entry.skip(4);
  const bitsPerSample = entry.u32();
  const lpcmFlags = entry.u32();
  entry.skip(8);
  return { type, nChannels, bitsPerSample, sampleRate, lpcmFlags, boxes: entry.rest() };
}

// QuickTime puts the codec's boxes into one of its own, `wave`.
function needBox(entry: SoundEntry, type: string): Uint8Array {
  const wave = findBox(entry.boxes, "wave");
  const box = findBox(entry.boxes, type) ?? (wave && findBox(wave, type));
  if (!box) throw damagedMp4(`${entry.type} without its ${type} box`);
  return box;
}

// Object types of ISO/IEC 14496-1: 0x40 MPEG-4 audio, 0x66 to 0x68 MPEG-2 AAC, 0x69 and 0x6b MPEG layers 1 to 3.
function readMpeg4(entry: SoundEntry): TrackCodec {
  const { objectType, config } = readStreamDescriptor(needBox(entry, "esds").subarray(4));
  if (objectType === 0x69 || objectType === 0x6b) return { kind: "mp3" };
  if (objectType !== 0x40 && !(objectType >= 0x66 && objectType <= 0x68)) {
    throw unsupported(`mp4a of object type 0x${objectType.toString(16)}`);
  }
  return { kind: "aac", config: config() };
}

/**
 * The AudioSpecificConfig in an elementary stream descriptor, which MP4 and CAF share.
 *
 * @param bytes The descriptor.
 * @throws {AudioFormatError} `audio-damaged`.
 */
export function readAacConfig(bytes: Uint8Array): Uint8Array {
  return readStreamDescriptor(bytes).config();
}

function readStreamDescriptor(bytes: Uint8Array): { objectType: number; config: () => Uint8Array } {
  const stream = openDescriptor(new ByteReader(bytes, "MP4 esds box"), 3);
  stream.skip(2);
  const flags = stream.u8();
  if (flags & 0x80) stream.skip(2);
  if (flags & 0x40) stream.skip(stream.u8());
  if (flags & 0x20) stream.skip(2);
  const config = openDescriptor(stream, 4);
  const objectType = config.u8();
  config.skip(12);
  return { objectType, config: () => openDescriptor(config, 5).rest() };
}

// A tag, then a size in groups of seven bits, at most four.
function openDescriptor(reader: ByteReader, wanted: number): ByteReader {
  const tag = reader.u8();
  if (tag !== wanted) throw damagedMp4(`descriptor ${tag} where ${wanted} is expected`);
  let size = 0;
  for (let i = 0; i < 4; i++) {
    const byte = reader.u8();
    size = size * 128 + (byte & 0x7f);
    if (!(byte & 0x80)) break;
  }
  return new ByteReader(reader.take(Math.min(size, reader.remaining)), "MP4 esds box");
}

// dOps holds what OpusHead does, big-endian, and its own version 0 for OpusHead's 1.
function opusHead(dOps: Uint8Array): Uint8Array {
  const box = new ByteReader(dOps, "MP4 dOps box");
  if (box.u8() !== 0) throw unsupported("Opus of another version");
  const nChannels = box.u8();
  const [preSkip, rate, gain] = [box.u16(), box.u32(), box.u16()];
  const mapping = box.rest();
  const head = new Uint8Array(18 + mapping.length);
  head.set([79, 112, 117, 115, 72, 101, 97, 100, 1, nChannels]);
  const view = new DataView(head.buffer);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, rate, true);
  view.setUint16(16, gain, true);
  head.set(mapping, 18);
  return head;
}

type Pcm = Pick<PcmLayout, "encoding" | "bytesPerSample" | "littleEndian">;

const PCM: Record<string, Pcm> = {
  sowt: { encoding: "signed", bytesPerSample: 2, littleEndian: true },
  twos: { encoding: "signed", bytesPerSample: 2, littleEndian: false },
  in24: { encoding: "signed", bytesPerSample: 3, littleEndian: false },
  in32: { encoding: "signed", bytesPerSample: 4, littleEndian: false },
  fl32: { encoding: "float", bytesPerSample: 4, littleEndian: false },
  fl64: { encoding: "float", bytesPerSample: 8, littleEndian: false },
  "raw ": { encoding: "unsigned", bytesPerSample: 1, littleEndian: false },
  ulaw: { encoding: "mu-law", bytesPerSample: 1, littleEndian: false },
  alaw: { encoding: "a-law", bytesPerSample: 1, littleEndian: false },
};

function readPcm(entry: SoundEntry): TrackCodec {
  const { type, nChannels, sampleRate } = entry;
  const pcm = type === "lpcm" || type === "ipcm" || type === "fpcm" ? linearPcm(entry) : PCM[type];
  if (!pcm) throw unsupported(`MP4 codec "${codecLetters(type)}"`);
  // A box says that multi-byte samples are little-endian.
  const wave = findBox(entry.boxes, "wave") ?? entry.boxes;
  const littleEndian = pcm.littleEndian || findBox(wave, "enda")?.[1] === 1;
  // 8 bits under a name for 16 are one byte, signed.
  const isByte = entry.bitsPerSample === 8 && (type === "twos" || type === "sowt");
  const bytesPerSample = isByte ? 1 : pcm.bytesPerSample;
  const layout = { ...pcm, bytesPerSample, littleEndian, nChannels };
  return { kind: "pcm", layout, sampleRate: Math.round(sampleRate) };
}

// Flags of QuickTime's lpcm: 1 float, 2 big-endian, 4 signed. ISO/IEC 23003-5 (ipcm, fpcm) has a box instead.
function linearPcm({ type, bitsPerSample, lpcmFlags, boxes }: SoundEntry): Pcm | undefined {
  const isIso = type !== "lpcm";
  const pcmC = isIso ? findBox(boxes, "pcmC") : undefined;
  const bits = pcmC?.[5] ?? bitsPerSample;
  const isFloat = isIso ? type === "fpcm" : (lpcmFlags & 1) === 1;
  const littleEndian = isIso ? pcmC?.[4] === 1 : !(lpcmFlags & 2);
  const bytesPerSample = bits / 8;
  if (!(isFloat ? [4, 8] : [1, 2, 3, 4]).includes(bytesPerSample)) return undefined;
  const isSigned = isIso || bytesPerSample > 1 || (lpcmFlags & 4) !== 0;
  return { encoding: isFloat ? "float" : isSigned ? "signed" : "unsigned", bytesPerSample, littleEndian };
}

function codecLetters(type: string): string {
  return type.replace(/[^ -~]/g, "?");
}
