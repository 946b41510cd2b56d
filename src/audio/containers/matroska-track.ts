// RFC 9559 (Matroska), 5.1.4: a track and how it is coded; codec mappings of draft-ietf-cellar-codec.

import { unsupported } from "../format-faults.ts";
import type { PcmLayout } from "../pcm.ts";
import type { TrackCodec } from "../track.ts";
import { damagedMatroska, readFloat, readUnsigned, walkElements } from "./ebml.ts";
import { vorbisHeaders } from "./xiph-headers.ts";

const AUDIO = 2;

/** A sound track of a Matroska file. */
export type MatroskaTrack = {
  number: number;
  codec: TrackCodec;
  /** Seconds before the first sound that is to be heard. */
  skipSeconds: number;
  /** Bytes that were taken off the head of each packet. */
  prefix: Uint8Array;
};

type Entry = {
  number: number;
  type: number;
  codecId: string;
  codecPrivate: Uint8Array;
  delayNs: number;
  sampleRate: number;
  nChannels: number;
  bitDepth: number;
  encodings: Uint8Array;
};

/**
 * Reads a track.
 *
 * @param content Of its TrackEntry.
 * @returns Undefined where it is no sound.
 * @throws {AudioFormatError} `audio-unsupported`: names the codec; `audio-damaged`.
 */
export function readTrackEntry(content: Uint8Array): MatroskaTrack | undefined {
  const entry = readEntry(content);
  if (entry.type !== AUDIO) return undefined;
  return {
    number: entry.number,
    codec: readCodec(entry),
    // An OpusHead says the same in samples, and decodes by it.
    skipSeconds: entry.codecId === "A_OPUS" ? 0 : entry.delayNs / 1e9,
    prefix: readPrefix(entry.encodings),
  };
}

function readEntry(content: Uint8Array): Entry {
  const none: Uint8Array = new Uint8Array(0);
  const entry: Omit<Entry, "sampleRate" | "nChannels" | "bitDepth"> = {
    number: 0,
    type: 0,
    codecId: "",
    codecPrivate: none,
    delayNs: 0,
    encodings: none,
  };
  const audio = { sampleRate: 8000, nChannels: 1, bitDepth: 16 };
  for (const { id, content: value } of walkElements(content)) {
    if (id === 0xd7) entry.number = readUnsigned(value);
    if (id === 0x83) entry.type = readUnsigned(value);
    if (id === 0x86) entry.codecId = readText(value);
    if (id === 0x63a2) entry.codecPrivate = value;
    if (id === 0x56aa) entry.delayNs = readUnsigned(value);
    if (id === 0x6d80) entry.encodings = value;
    if (id === 0xe1) readAudio(value, audio);
  }
  return { ...entry, ...audio };
}

function readAudio(
  content: Uint8Array,
  audio: { sampleRate: number; nChannels: number; bitDepth: number },
): void {
  for (const { id, content: value } of walkElements(content)) {
    if (id === 0xb5) audio.sampleRate = readFloat(value);
    if (id === 0x9f) audio.nChannels = readUnsigned(value);
    if (id === 0x6264) audio.bitDepth = readUnsigned(value);
  }
}

function readText(content: Uint8Array): string {
  return String.fromCharCode(...content.subarray(0, 64)).replace(/[^ -~].*$/s, "");
}

function readCodec(entry: Entry): TrackCodec {
  const { codecId, codecPrivate } = entry;
  switch (codecId) {
    case "A_OPUS":
      return { kind: "opus", head: codecPrivate };
    case "A_VORBIS":
      return { kind: "vorbis", ...vorbisHeaders(codecPrivate) };
    case "A_FLAC":
      return { kind: "flac", streamInfo: codecPrivate.subarray(8, 42) };
    case "A_MPEG/L3":
    case "A_MPEG/L2":
    case "A_MPEG/L1":
      return { kind: "mp3" };
    case "A_AAC":
      return { kind: "aac", config: codecPrivate };
    case "A_ALAC":
      return { kind: "alac", cookie: codecPrivate };
    default:
      return readPcm(entry);
  }
}

function readPcm({ codecId, sampleRate, nChannels, bitDepth }: Entry): TrackCodec {
  const bytesPerSample = bitDepth / 8;
  const isFloat = codecId === "A_PCM/FLOAT/IEEE";
  const isPcm = isFloat || codecId === "A_PCM/INT/LIT" || codecId === "A_PCM/INT/BIG";
  if (!isPcm || !(isFloat ? [4, 8] : [1, 2, 3, 4]).includes(bytesPerSample)) {
    throw unsupported(`Matroska codec "${codecId}"`);
  }
  const encoding: PcmLayout["encoding"] = isFloat ? "float" : bytesPerSample === 1 ? "unsigned" : "signed";
  const littleEndian = codecId !== "A_PCM/INT/BIG";
  return {
    kind: "pcm",
    layout: { encoding, bytesPerSample, nChannels, littleEndian },
    sampleRate: Math.round(sampleRate),
  };
}

const HEADER_STRIPPING = 3;

// A head that all packets share may be left out of each. Whatever else was done to the packets is not undone here.
function readPrefix(encodings: Uint8Array): Uint8Array {
  let prefix: Uint8Array = new Uint8Array(0);
  for (const { content: encoding } of walkElements(encodings)) {
    for (const { id, content } of walkElements(encoding)) {
      if (id === 0x5035) throw unsupported("encrypted Matroska");
      if (id !== 0x5034) continue;
      let algorithm = 0;
      for (const { id: field, content: value } of walkElements(content)) {
        if (field === 0x4254) algorithm = readUnsigned(value);
        if (field === 0x4255) prefix = value;
      }
      if (algorithm !== HEADER_STRIPPING) throw unsupported("Matroska with compressed packets");
    }
  }
  if (prefix.length > 256) throw damagedMatroska(`${prefix.length} bytes taken off the head of each packet`);
  return prefix;
}
