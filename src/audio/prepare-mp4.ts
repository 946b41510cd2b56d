// ISO/IEC 14496-12 (ISO base media file format). The demuxer behind audio-decode believes every table it meets: a
// count of 2^32 in a file of a kilobyte makes it loop and allocate until the process dies. And it can decode piece by
// piece only when the index ("moov") comes first. So the tables are checked here, and the index is moved.

import { AudioFormatError } from "../errors.ts";
import { chunkId } from "./riff-chunks.ts";

type Box = { type: string; start: number; end: number };

// Codecs whose packets last at least 10 ms in practice (AAC 1024 samples at no more than 96 kHz, Opus 10 or 20 ms).
const SAMPLE_ENTRIES = new Set(["mp4a", "alac", ".mp3", "Opus"]);
const SHORTEST_PACKET_MS = 10;
const MAX_CHANNELS = 8;
const MAX_ALAC_FRAME = 8192;

/**
 * Checks the tables of an MP4 file and puts its index first.
 *
 * @param bytes The file.
 * @param options.maxDurationMs Longest duration, in milliseconds; bounds the number of packets.
 * @returns The file with its `moov` box before the samples, and how many bytes lead up to that box's end.
 * @throws {AudioFormatError} `audio-truncated`: it ends before its index; `audio-damaged`: no index, or a table longer
 *   than the file; `audio-too-long`; `audio-unsupported`: the codec, by name; `audio-no-samples`: no sound track.
 */
export function prepareMp4(
  bytes: Uint8Array,
  options: { maxDurationMs: number },
): { bytes: Uint8Array; headLength: number } {
  const boxes = topLevelBoxes(bytes);
  const moov = boxes.find((box) => box.type === "moov");
  if (!moov || moov.end > bytes.length) throw noIndex(boxes, bytes);
  const tables = boxes.filter((box) => box.type !== "mdat").flatMap((box) => findTables(bytes, box));
  checkCodec(tables.filter((table) => table.type === "stsd").map((table) => chunkId(bytes, table.body + 12)));
  checkCounts(bytes, tables, options.maxDurationMs);
  const firstData = boxes.find((box) => box.type === "mdat");
  if (!firstData || firstData.start > moov.start) return { bytes, headLength: moov.end };
  return { bytes: moveToFront(bytes, moov, tables), headLength: moov.end - moov.start };
}

function topLevelBoxes(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  let start = 0;
  while (start + 8 <= bytes.length) {
    let size = view.getUint32(start);
    if (size === 0) size = bytes.length - start;
    else if (size === 1) size = start + 16 <= bytes.length ? Number(view.getBigUint64(start + 8)) : 0;
    if (size < 8) throw damaged(`a box of ${size} bytes at byte ${start}`);
    boxes.push({ type: chunkId(bytes, start + 4), start, end: start + size });
    start += size;
  }
  return boxes;
}

function noIndex(boxes: readonly Box[], bytes: Uint8Array): AudioFormatError {
  return boxes.some((box) => box.end > bytes.length)
    ? new AudioFormatError("audio-truncated", "decodeAudio: the MP4 file ends before its index (moov box)")
    : damaged("no index (moov box)");
}

function damaged(what: string): AudioFormatError {
  return new AudioFormatError("audio-damaged", `decodeAudio: damaged MP4 file: ${what}`);
}

type Table = { type: string; body: number };

// Where the count of a table's entries lies in its body.
const COUNT_OFFSETS: Record<string, number> = {
  stsz: 8,
  stco: 4,
  co64: 4,
  stsc: 4,
  stts: 4,
  elst: 4,
  trun: 4,
};
const OTHER_TABLES = new Set(["stsd", "alac", "dOps"]);

// Whatever reads like a table, wherever it is nested: that is at least what a demuxer can find.
function findTables(bytes: Uint8Array, box: Box): Table[] {
  const tables: Table[] = [];
  const end = Math.min(box.end, bytes.length) - 20;
  for (let at = box.start; at <= end; at++) {
    if (bytes[at]! < 0x61 || bytes[at]! > 0x74) continue; // "a" of "alac" to "t" of "trun"
    const type = chunkId(bytes, at);
    if (type in COUNT_OFFSETS || OTHER_TABLES.has(type)) tables.push({ type, body: at + 4 });
  }
  return tables;
}

function checkCodec(codecs: readonly string[]): void {
  if (codecs.some((codec) => SAMPLE_ENTRIES.has(codec))) return;
  if (codecs.length === 0) {
    throw new AudioFormatError("audio-no-samples", "decodeAudio: the MP4 file has no tracks");
  }
  throw new AudioFormatError(
    "audio-unsupported",
    `decodeAudio: MP4 codec "${codecs.join('", "')}" is not supported`,
  );
}

function checkCounts(bytes: Uint8Array, tables: readonly Table[], maxDurationMs: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxPackets = Math.ceil(maxDurationMs / SHORTEST_PACKET_MS) + 1000;
  let nFragmentPackets = 0;
  for (const { type, body } of tables) {
    if (type === "dOps") checkChannels(bytes[body + 1]!);
    // The configuration box "alac" lies in the sample entry of that name; it begins with a version of zero.
    if (type === "alac" && view.getUint32(body) === 0) checkAlac(view, body);
    const offset = COUNT_OFFSETS[type];
    if (offset === undefined) continue;
    const nEntries = view.getUint32(body + offset);
    if (type === "trun") nFragmentPackets += nEntries;
    if (body + offset + nEntries * entryBytes(view, { type, body }) > bytes.length) {
      throw damaged(`a table (${type}) of ${nEntries} entries in a file of ${bytes.length} bytes`);
    }
    if (Math.max(nEntries, nFragmentPackets) > maxPackets) {
      throw new AudioFormatError(
        "audio-too-long",
        `decodeAudio: the MP4 file has more than ${maxPackets} packets, the limit is ${maxDurationMs / 1000} s ` +
          "(option maxDurationMs)",
      );
    }
  }
}

function entryBytes(view: DataView, { type, body }: Table): number {
  switch (type) {
    case "stsz": // one size for all leaves the table out
      return view.getUint32(body + 4) === 0 ? 4 : 0;
    case "stco":
      return 4;
    case "stsc":
    case "elst":
      return 12;
    case "trun": // the flags say which of four fields each entry has
      return 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => view.getUint32(body) & flag).length;
    default:
      return 8;
  }
}

function checkChannels(nChannels: number): void {
  if (nChannels > MAX_CHANNELS) throw damaged(`${nChannels} channels`);
}

function checkAlac(view: DataView, body: number): void {
  const frameLength = view.getUint32(body + 4);
  checkChannels(view.getUint8(body + 13));
  if (frameLength > MAX_ALAC_FRAME) throw damaged(`packets of ${frameLength} samples`);
}

// Chunk offsets count from the file's start: those before the index move back by its length.
function moveToFront(bytes: Uint8Array, moov: Box, tables: readonly Table[]): Uint8Array {
  const length = moov.end - moov.start;
  const moved = new Uint8Array(bytes.length);
  moved.set(bytes.subarray(moov.start, moov.end));
  moved.set(bytes.subarray(0, moov.start), length);
  moved.set(bytes.subarray(moov.end), moov.end);
  const view = new DataView(moved.buffer);
  for (const { type, body } of tables) {
    if ((type !== "stco" && type !== "co64") || body < moov.start || body >= moov.end) continue;
    const nEntries = view.getUint32(body - moov.start + 4);
    for (let i = 0; i < nEntries; i++) {
      // The low half of a 64-bit offset: no file here reaches 4 GiB.
      const at = body - moov.start + 8 + (type === "stco" ? i * 4 : i * 8 + 4);
      if (at + 4 > length) throw damaged("chunk offsets beyond the index");
      if (view.getUint32(at) < moov.start) view.setUint32(at, view.getUint32(at) + length);
    }
  }
  return moved;
}
