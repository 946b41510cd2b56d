// RFC 3533 (Ogg): pages of a stream each, several streams side by side. Mappings: RFC 7845 (Opus), Vorbis I appendix A,
// xiph.org's "Ogg FLAC".

import { AudioFormatError } from "../../errors.ts";
import { truncated, unsupported } from "../format-faults.ts";
import type { Packet, Track, TrackCodec } from "../track.ts";
import { findPage, type OggPage, readPage } from "./ogg-page.ts";

/**
 * Finds the first stream of an Ogg file that can be decoded, beside whatever others (Skeleton, Theora, Speex).
 *
 * @param bytes The file.
 * @returns The stream, up to its end, and what is chained behind that.
 * @throws {AudioFormatError} `audio-unsupported`: names the streams; `audio-truncated`: it ends within the headers;
 *   `audio-damaged`.
 */
export function demuxOgg(bytes: Uint8Array): Track {
  const stream = chooseStream(bytes);
  const headers = readHeaders(bytes, stream);
  const state: State = {};
  return {
    codec: headers.codec,
    packets: { [Symbol.iterator]: () => readPackets(bytes, { ...stream, ...headers, state }) },
    isCut: () => state.end === undefined,
    next: () => (state.end === undefined ? undefined : nextStream(bytes.subarray(state.end))),
  };
}

// What cannot be read behind a stream that can be is left out.
function nextStream(bytes: Uint8Array): Track | undefined {
  try {
    for (const { isFirst, start } of walkPages(bytes)) if (isFirst) return demuxOgg(bytes.subarray(start));
    return undefined;
  } catch (error) {
    if (error instanceof AudioFormatError) return undefined;
    throw error;
  }
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
  throw unsupported(`Ogg with ${held}`, "Opus, Vorbis and FLAC streams");
}

function* walkPages(bytes: Uint8Array, offset = 0): Generator<OggPage> {
  for (let at = findPage(bytes, offset); at >= 0; ) {
    const page = readPage(bytes, at);
    const next = findPage(bytes, page && !page.isCut ? page.end : at + 4);
    const isFollowed = page?.isLast && next >= 0 && goesOn(page, readPage(bytes, next));
    if (page) yield isFollowed ? { ...page, isLast: false } : page;
    at = next;
  }
}

// Some writers mark every page as the last of its stream.
const goesOn = ({ serial }: OggPage, next: OggPage | null) => next?.serial === serial && !next.isFirst;

/** Where the stream ends in the bytes, once all packets have been read. */
type State = { end?: number };
type PacketSource = Stream & Headers & { state: State };

// The time stamp of the last page ends the sound, within its packets: so much is heard of them as lies behind the stamp of
// the page before. A stream that was recorded from its middle, or cut out of another, begins at any time.
function* readPackets(
  bytes: Uint8Array,
  { serial, offset, nHeaders, sampleRate, preSkip, state }: PacketSource,
): Generator<Packet> {
  let last: OggPage | undefined;
  let [n, before] = [0, preSkip];
  const onEnd = ({ end }: OggPage) => {
    state.end = end;
  };
  for (const { data, page } of joinPackets(bytes, { serial, offset, onEnd })) {
    if (last && page !== last && n > nHeaders && last.granule !== -1) before = last.granule;
    const isEnd = page.isLast && page !== last && page.granule > before && sampleRate > 0;
    last = page;
    if (n++ < nHeaders || data.length === 0) continue;
    yield isEnd ? { data, restSeconds: (page.granule - before) / sampleRate } : { data };
  }
}

// A packet may go on over any number of pages: its parts are joined once it is whole.
function* joinPackets(
  bytes: Uint8Array,
  { serial, offset, onEnd }: { serial: number; offset: number; onEnd?: (page: OggPage) => void },
): Generator<{ data: Uint8Array; page: OggPage }> {
  let parts: Uint8Array[] = [];
  for (const page of walkPages(bytes, offset)) {
    if (page.serial !== serial) continue;
    if (!page.continues) parts = [];
    let at = 0;
    for (const { length, ends } of page.segments) {
      parts.push(page.body.subarray(at, at + length));
      at += length;
      if (!ends) continue;
      yield { data: join(parts), page };
      parts = [];
    }
    if (page.isLast && !page.isCut) return onEnd?.(page);
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

function readHeaders(bytes: Uint8Array, { kind, ...stream }: Stream): Headers {
  const packets: Uint8Array[] = [];
  for (const { data } of joinPackets(bytes, stream)) {
    packets.push(data);
    if (packets.length === 3) break;
  }
  const [first = new Uint8Array(0), , third] = packets;
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (kind === "opus") {
    const preSkip = first.length >= 12 ? view.getUint16(10, true) : 0;
    return { codec: { kind, head: first }, nHeaders: 2, sampleRate: 48_000, preSkip };
  }
  if (kind === "flac") return { ...flacHeaders(first), preSkip: 0 };
  if (!third) throw truncated("the Ogg Vorbis stream ends within its headers");
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
