// RFC 9559 (Matroska) and WebM. Sizes count only as far as there are bytes.

import { AudioFormatError } from "../../errors.ts";
import { truncated } from "../format-faults.ts";
import { MAX_TRACKS, type Packet, type Track } from "../track.ts";
import { damagedMatroska, readElement, readNumber, readSigned, walkElements } from "./ebml.ts";
import { type MatroskaTrack, readTrackEntry } from "./matroska-track.ts";
import { readXiphSize } from "./xiph-headers.ts";

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const CLUSTER = 0x1f43b675;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const DISCARD_PADDING = 0x75a2;

/**
 * Finds the first sound track of a Matroska or WebM file that can be decoded.
 *
 * @param bytes The file.
 * @returns The track.
 * @throws {AudioFormatError} `audio-truncated`: it ends before its list of tracks; `audio-damaged`;
 *   `audio-unsupported`: names the codec; `audio-no-samples`: it has no sound track.
 */
export function demuxMatroska(bytes: Uint8Array): Track {
  const track = chooseTrack(bytes);
  const state = { isCut: false };
  return {
    codec: track.codec,
    skipSeconds: track.skipSeconds,
    packets: { [Symbol.iterator]: () => readPackets(bytes, track, state) },
    isCut: () => state.isCut,
  };
}

function chooseTrack(bytes: Uint8Array): MatroskaTrack {
  let reason: unknown;
  let hasTracks = false;
  let nTracks = 0;
  for (const { id, content, isCut } of walkFile(bytes)) {
    if (id === CLUSTER && hasTracks) break;
    if (id !== TRACKS) continue;
    if (isCut) throw cutShort();
    hasTracks = true;
    for (const entry of walkElements(content)) {
      if (entry.id !== TRACK_ENTRY) continue;
      if (++nTracks > MAX_TRACKS) throw damagedMatroska(`over ${MAX_TRACKS} tracks`);
      try {
        const track = readTrackEntry(entry.content);
        if (track) return track;
      } catch (error) {
        if (!(error instanceof AudioFormatError)) throw error;
        reason ??= error;
      }
    }
  }
  if (reason) throw reason;
  if (!hasTracks) throw cutShort();
  throw new AudioFormatError("audio-no-samples", "decodeAudio: the Matroska file has no sound track");
}

const cutShort = () => truncated("the Matroska file ends before its list of tracks");

type FileElement = { id: number; content: Uint8Array; isCut: boolean };

// Segments and clusters are entered, whatever size they claim: live files leave it open. What they hold follows.
function* walkFile(bytes: Uint8Array): Generator<FileElement> {
  for (let at = 0; at < bytes.length; ) {
    const element = readElement(bytes, at);
    if (!element) return;
    const { id, start, size } = element;
    const end = Math.min(start + size, bytes.length);
    const isEntered = id === SEGMENT || id === CLUSTER;
    if (size === Number.POSITIVE_INFINITY && !isEntered && id !== EBML) {
      throw damagedMatroska("an element of unknown size");
    }
    yield { id, content: bytes.subarray(start, end), isCut: start + size > bytes.length };
    at = isEntered ? start : end;
  }
}

function* readPackets(bytes: Uint8Array, track: MatroskaTrack, state: { isCut: boolean }): Generator<Packet> {
  for (const { id, content, isCut } of walkFile(bytes)) {
    if (id !== SIMPLE_BLOCK && id !== BLOCK_GROUP) continue;
    if (isCut) {
      state.isCut = true;
      return;
    }
    if (id === SIMPLE_BLOCK) yield* blockPackets(content, track, 0);
    else yield* groupPackets(content, track);
  }
}

function* groupPackets(group: Uint8Array, track: MatroskaTrack): Generator<Packet> {
  let block: Uint8Array | undefined;
  let paddingNs = 0;
  for (const { id, content } of walkElements(group)) {
    if (id === BLOCK) block = content;
    if (id === DISCARD_PADDING) paddingNs = readSigned(content);
  }
  if (block) yield* blockPackets(block, track, paddingNs / 1e9);
}

// A block: the track's number, 16 bits of time, flags, and the packets, laced where there are several.
function* blockPackets(block: Uint8Array, track: MatroskaTrack, discardSeconds: number): Generator<Packet> {
  const number = readNumber(block, 0, { maxLength: 8, keepMarker: false });
  if (!number) throw damagedMatroska("a block without a track number");
  if (number.value !== track.number) return;
  const flagsAt = number.length + 2;
  const { sizes, start } = readLacing(block, flagsAt + 1, ((block[flagsAt] ?? 0) >> 1) & 3);
  let at = start;
  for (const [i, size] of sizes.entries()) {
    const data = withPrefix(track.prefix, block.subarray(at, at + size));
    at += size;
    if (data.length === 0) continue;
    yield discardSeconds > 0 && i === sizes.length - 1 ? { data, discardSeconds } : { data };
  }
}

function withPrefix(prefix: Uint8Array, packet: Uint8Array): Uint8Array {
  if (prefix.length === 0) return packet;
  const whole = new Uint8Array(prefix.length + packet.length);
  whole.set(prefix);
  whole.set(packet, prefix.length);
  return whole;
}

type Lacing = { sizes: number[]; start: number };

// 0: one packet; 1: sizes as Xiph writes them; 2: all of one size; 3: EBML numbers, from the second on differences.
function readLacing(block: Uint8Array, at: number, kind: number): Lacing {
  const length = block.length - at;
  if (length <= 0) return { sizes: [], start: at };
  if (kind === 0) return { sizes: [length], start: at };
  const nPackets = block[at]! + 1;
  if (kind === 2) return fixedLacing(nPackets, at + 1, length - 1);
  const { sizes, start } =
    kind === 1 ? xiphSizes(block, at + 1, nPackets) : ebmlSizes(block, at + 1, nPackets);
  const last = block.length - start - sizes.reduce((sum, size) => sum + size, 0);
  if (last < 0 || sizes.some((size) => size < 0)) throw damagedMatroska("packets longer than their block");
  return { sizes: [...sizes, last], start };
}

function fixedLacing(nPackets: number, start: number, length: number): Lacing {
  if (length % nPackets !== 0) throw damagedMatroska(`${nPackets} packets of one size in ${length} bytes`);
  return { sizes: new Array(nPackets).fill(length / nPackets), start };
}

function xiphSizes(block: Uint8Array, from: number, nPackets: number): Lacing {
  const sizes: number[] = [];
  let at = from;
  while (sizes.length < nPackets - 1) {
    const { size, end } = readXiphSize(block, at);
    sizes.push(size);
    at = end;
  }
  return { sizes, start: at };
}

function ebmlSizes(block: Uint8Array, from: number, nPackets: number): Lacing {
  const sizes: number[] = [];
  let at = from;
  while (sizes.length < nPackets - 1) {
    const number = readNumber(block, at, { maxLength: 8, keepMarker: false });
    if (!number) throw damagedMatroska("a block that ends within its sizes");
    const { value, length } = number;
    const previous = sizes.at(-1);
    // A difference is stored with half its range added.
    sizes.push(previous === undefined ? value : previous + value - (2 ** (7 * length - 1) - 1));
    at += length;
  }
  return { sizes, start: at };
}
