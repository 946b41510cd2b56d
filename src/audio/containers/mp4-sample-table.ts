// ISO/IEC 14496-12, 8.6 to 8.8: where the packets ("samples" there) of a track lie, by its tables or by fragments.

import type { ByteReader } from "../byte-reader.ts";
import { damagedMp4, findBox, readFullBox, walkBoxes } from "./mp4-boxes.ts";

/** Where bytes of the file lie. */
export type Extent = { offset: number; size: number };

/**
 * Reads the tables of a track.
 *
 * @param stbl Content of its `stbl` box.
 * @param options.bytesPerChunk Where a chunk counts as one packet: gives its size from the number of samples in it.
 *   Default: each sample is a packet, its size is in the table.
 * @returns The packets in order; views of the tables are read as they are asked for.
 * @throws {AudioFormatError} `audio-damaged`: a table is longer than its box, or contradicts another.
 */
export function readSampleTable(
  stbl: Uint8Array,
  options: { bytesPerChunk?: (nSamples: number) => number } = {},
): Iterable<Extent> {
  const offsets = readChunkOffsets(stbl);
  const runs = readChunkRuns(stbl);
  const sizes = readSizes(stbl);
  const { bytesPerChunk } = options;
  return {
    *[Symbol.iterator]() {
      let sample = 0;
      for (let chunk = 0, run = 0; chunk < offsets.length && sample < sizes.nSamples; chunk++) {
        while (run + 1 < runs.length && runs.firstChunk(run + 1) <= chunk + 1) run++;
        const nSamples = Math.min(runs.nSamples(run), sizes.nSamples - sample);
        let offset = offsets.at(chunk);
        if (bytesPerChunk) yield { offset, size: bytesPerChunk(nSamples) };
        else {
          for (let i = 0; i < nSamples; i++) {
            const size = sizes.at(sample + i);
            yield { offset, size };
            offset += size;
          }
        }
        sample += nSamples;
      }
    },
  };
}

function readChunkOffsets(stbl: Uint8Array): { length: number; at: (i: number) => number } {
  const stco = findBox(stbl, "stco");
  const content = stco ?? findBox(stbl, "co64");
  if (!content) return { length: 0, at: () => 0 };
  const { reader } = readFullBox(content, stco ? "stco" : "co64");
  const width = stco ? 4 : 8;
  const { length, view } = readTable(reader, width);
  const at = (i: number) =>
    width === 4 ? view.getUint32(i * 4) : view.getUint32(i * 8) * 2 ** 32 + view.getUint32(i * 8 + 4);
  return { length, at };
}

type ChunkRuns = { length: number; firstChunk: (i: number) => number; nSamples: (i: number) => number };

function readChunkRuns(stbl: Uint8Array): ChunkRuns {
  const content = findBox(stbl, "stsc");
  if (!content) return { length: 0, firstChunk: () => 1, nSamples: () => 0 };
  const { length, view } = readTable(readFullBox(content, "stsc").reader, 12);
  if (length === 0) return { length: 0, firstChunk: () => 1, nSamples: () => 0 };
  return { length, firstChunk: (i) => view.getUint32(i * 12), nSamples: (i) => view.getUint32(i * 12 + 4) };
}

type Sizes = { nSamples: number; at: (i: number) => number };

function readSizes(stbl: Uint8Array): Sizes {
  const stsz = findBox(stbl, "stsz");
  if (stsz) return readPlainSizes(readFullBox(stsz, "stsz").reader);
  const stz2 = findBox(stbl, "stz2");
  return stz2 ? readCompactSizes(readFullBox(stz2, "stz2").reader) : { nSamples: 0, at: () => 0 };
}

function readPlainSizes(reader: ByteReader): Sizes {
  const common = reader.u32();
  if (common > 0) return { nSamples: reader.u32(), at: () => common };
  const { length, view } = readTable(reader, 4);
  return { nSamples: length, at: (i) => view.getUint32(i * 4) };
}

function readCompactSizes(reader: ByteReader): Sizes {
  const width = reader.u32() & 0xff; // in bits
  if (width !== 4 && width !== 8 && width !== 16) throw damagedMp4(`packet sizes of ${width} bits`);
  const { length, view } = readTable(reader, width / 8);
  if (width === 16) return { nSamples: length, at: (i) => view.getUint16(i * 2) };
  if (width === 8) return { nSamples: length, at: (i) => view.getUint8(i) };
  return { nSamples: length, at: (i) => (view.getUint8(i >> 1) >> (i % 2 === 0 ? 4 : 0)) & 15 };
}

// A count, then that many entries, all of which have to be there.
function readTable(reader: ByteReader, entryBytes: number): { length: number; view: DataView } {
  const length = reader.u32();
  reader.checkTable(length, entryBytes);
  const entries = reader.rest();
  return { length, view: new DataView(entries.buffer, entries.byteOffset, entries.byteLength) };
}

/**
 * The length of a track by its table of times.
 *
 * @param stbl Content of its `stbl` box.
 * @returns In units of the track's time scale, 0 where there is no table.
 * @throws {AudioFormatError} `audio-damaged`: the table is longer than its box.
 */
export function readTotalTime(stbl: Uint8Array): number {
  const content = findBox(stbl, "stts");
  if (!content) return 0;
  const { length, view } = readTable(readFullBox(content, "stts").reader, 8);
  let total = 0;
  for (let i = 0; i < length; i++) total += view.getUint32(i * 8) * view.getUint32(i * 8 + 4);
  return total;
}

/**
 * Reads one fragment (`moof`).
 *
 * @param moof Its content.
 * @param options.start Where the box begins in the file.
 * @param options.trackId Whose packets are wanted.
 * @param options.defaultSize Of a packet where the fragment does not say, from `trex`.
 * @returns The track's packets in it, in order.
 * @throws {AudioFormatError} `audio-damaged`.
 */
export function* readFragment(
  moof: Uint8Array,
  options: { start: number; trackId: number; defaultSize: number },
): Generator<Extent> {
  for (const { type, content } of walkBoxes(moof)) {
    if (type !== "traf") continue;
    const tfhd = findBox(content, "tfhd");
    if (!tfhd) throw damagedMp4("a track fragment without its header");
    const header = readFragmentHeader(tfhd, options);
    if (header.trackId !== options.trackId) continue;
    let offset = header.base;
    for (const box of walkBoxes(content)) {
      if (box.type === "trun") offset = yield* readRun(box.content, { ...header, offset });
    }
  }
}

type FragmentHeader = { trackId: number; base: number; size: number };

// Flags say which fields there are: 1 the base of offsets, 2 and 8 fields not needed here, 16 the size of packets.
function readFragmentHeader(
  tfhd: Uint8Array,
  { start, defaultSize }: { start: number; defaultSize: number },
): FragmentHeader {
  const { flags, reader } = readFullBox(tfhd, "tfhd");
  const trackId = reader.u32();
  const base = flags & 1 ? reader.u64() : start;
  if (flags & 2) reader.skip(4);
  if (flags & 8) reader.skip(4);
  return { trackId, base, size: flags & 16 ? reader.u32() : defaultSize };
}

// 1: an offset; 4: flags of the first packet; then for each packet 0x100 duration, 0x200 size, 0x400 flags, 0x800 time.
function* readRun(
  trun: Uint8Array,
  { base, size: commonSize, offset: previousEnd }: FragmentHeader & { offset: number },
): Generator<Extent, number> {
  const { flags, reader } = readFullBox(trun, "trun");
  const nPackets = reader.u32();
  let offset = flags & 1 ? base + reader.i32() : previousEnd;
  if (flags & 4) reader.skip(4);
  const nFields = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  reader.checkTable(nPackets, nFields * 4);
  if (!(flags & 0x200) && commonSize === 0) throw damagedMp4("a fragment whose packets have no size");
  const behind = [0x400, 0x800].filter((flag) => flags & flag).length * 4;
  for (let i = 0; i < nPackets; i++) {
    if (flags & 0x100) reader.skip(4);
    const size = flags & 0x200 ? reader.u32() : commonSize;
    reader.skip(behind);
    yield { offset, size };
    offset += size;
  }
  return offset;
}
