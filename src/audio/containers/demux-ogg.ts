// RFC 3533 (Ogg): pages of a stream each, several streams side by side. Mappings: RFC 7845 (Opus), Vorbis I appendix A,
// xiph.org's "Ogg FLAC".

import { AudioFormatError } from "../../errors.ts";
import type { Packet, Track, TrackCodec } from "../track.ts";
import { findPage, type OggPage, readPage } from "./ogg-page.ts";

/**
 * Finds the first stream of an Ogg file that can be decoded, beside whatever others (Skeleton, Theora, Speex).
 *
 * @param bytes The file.
 * @returns The stream, up to its end; a chain of further ones behind that is left out.
 * @throws {AudioFormatError} `audio-unsupported`: names the streams; `audio-truncated`: it ends within the headers;
 *   `audio-damaged`.
 */
export function demuxOgg(bytes: Uint8Array): Track {
  const stream = chooseStream(bytes);
  const headers = readHeaders(bytes, stream);
  const state = { isCut: false };
  return {
    codec: headers.codec,
    packets: {
      [Symbol.iterator]: () => readPackets(bytes, { ...stream, nHeaders: headers.nHeaders, state }),
    },
    durationSeconds: lastTime(bytes, stream.serial, headers),
    isCut: () => state.isCut,
  };
}

type Kind = "opus" | "vorbis" | "flac";
type Stream = { serial: number; kind: Kind; offset: number };

const KINDS: readonly [string, Kind][] = [
  ["OpusHead", "opus"],
  ["\x01vorbis", "vorbis"],
  ["\x7fFLAC", "flac"],
];
const OTHERS: readonly [string, string][] = [
  ["Speex", "Speex"],
  ["\x80theora", "Theora"],
  ["fishead", "Skeleton"],
  ["CELT", "CELT"],
];

function chooseStream(bytes: Uint8Array): Stream {
  const names = new Set<string>();
  for (const page of walkPages(bytes)) {
    if (!page.isFirst) break; // all streams begin before any goes on
    const head = String.fromCharCode(...page.body.subarray(0, 8));
    const kind = KINDS.find(([magic]) => head.startsWith(magic))?.[1];
    if (kind) return { serial: page.serial, kind, offset: page.start };
    names.add(OTHERS.find(([magic]) => head.startsWith(magic))?.[1] ?? "an unknown stream");
  }
  const held = [...names].slice(0, 5).join(", ") || "nothing";
  throw new AudioFormatError(
    "audio-unsupported",
    `decodeAudio: Ogg with ${held} is not supported; Opus, Vorbis and FLAC streams are`,
  );
}

function* walkPages(bytes: Uint8Array): Generator<OggPage> {
  for (let at = findPage(bytes, 0); at >= 0; ) {
    const page = readPage(bytes, at);
    if (page) yield page;
    at = page && !page.isCut ? findPage(bytes, page.end) : findPage(bytes, at + 4);
  }
}

type PacketSource = { serial: number; offset: number; nHeaders: number; state: { isCut: boolean } };

function* readPackets(
  bytes: Uint8Array,
  { serial, offset, nHeaders, state }: PacketSource,
): Generator<Packet> {
  let n = 0;
  let hasEnded = false;
  for (const data of joinPackets(bytes, serial, offset, () => (hasEnded = true))) {
    if (n++ >= nHeaders && data.length > 0) yield { data };
  }
  state.isCut = !hasEnded;
}

// A packet may go on over any number of pages: its parts are joined once it is whole.
function* joinPackets(
  bytes: Uint8Array,
  serial: number,
  offset: number,
  onEnd: () => void,
): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for (const page of walkPages(bytes.subarray(offset))) {
    if (page.serial !== serial) continue;
    if (!page.continues) parts = [];
    let at = 0;
    for (const { length, ends } of page.segments) {
      parts.push(page.body.subarray(at, at + length));
      at += length;
      if (!ends) continue;
      yield join(parts);
      parts = [];
    }
    if (page.isLast && !page.isCut) {
      onEnd();
      return;
    }
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type Headers = { codec: TrackCodec; nHeaders: number; sampleRate: number; preSkip: number };

function readHeaders(bytes: Uint8Array, { serial, kind, offset }: Stream): Headers {
  const packets: Uint8Array[] = [];
  for (const packet of joinPackets(bytes, serial, offset, () => undefined)) {
    packets.push(packet);
    if (packets.length === 3) break;
  }
  const [first = new Uint8Array(0), , third] = packets;
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (kind === "opus") {
    const preSkip = first.length >= 12 ? view.getUint16(10, true) : 0;
    return { codec: { kind, head: first }, nHeaders: 2, sampleRate: 48_000, preSkip };
  }
  if (kind === "flac") return { ...flacHeaders(first), preSkip: 0 };
  if (!third) {
    throw new AudioFormatError(
      "audio-truncated",
      "decodeAudio: the Ogg Vorbis stream ends within its headers",
    );
  }
  const sampleRate = first.length >= 16 ? view.getUint32(12, true) : 0;
  return { codec: { kind, identification: first, setup: third }, nHeaders: 3, sampleRate, preSkip: 0 };
}

// 0x7f "FLAC", two bytes of version, the number of further headers, "fLaC", the head of STREAMINFO and that itself.
function flacHeaders(first: Uint8Array): Omit<Headers, "preSkip"> {
  const streamInfo = first.subarray(17, 51);
  const sampleRate =
    ((streamInfo[10] ?? 0) << 12) | ((streamInfo[11] ?? 0) << 4) | ((streamInfo[12] ?? 0) >> 4);
  const nFurther = (first[7] ?? 0) * 256 + (first[8] ?? 0);
  return { codec: { kind: "flac", streamInfo }, nHeaders: 1 + nFurther, sampleRate };
}

// The time stamp of the last page ends the sound, within its last packet; a stream recorded from its middle has it too
// large, and one that is cut short has none.
function lastTime(bytes: Uint8Array, serial: number, { sampleRate, preSkip }: Headers): number | undefined {
  let granule = 0;
  for (const page of walkPages(bytes)) {
    if (page.serial === serial && page.isLast && !page.isCut) granule = page.granule;
    if (granule > 0) break;
  }
  return granule > preSkip && sampleRate > 0 ? (granule - preSkip) / sampleRate : undefined;
}
