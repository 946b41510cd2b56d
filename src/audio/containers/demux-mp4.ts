// ISO/IEC 14496-12. Boxes are found by walking them, never by their letters, and the track whose codec is checked is
// the one whose packets are read.

import { AudioFormatError } from "../../errors.ts";
import { truncated } from "../format-faults.ts";
import { MAX_TRACKS, type Packet, type Track, type TrackCodec } from "../track.ts";
import { type Box, damagedMp4, findBox, readFullBox, walkBoxes } from "./mp4-boxes.ts";
import { readCodec } from "./mp4-sample-entry.ts";
import { type Extent, readFragment, readSampleTable, readTotalTime } from "./mp4-sample-table.ts";

/**
 * Finds the first sound track of an MP4, M4A, QuickTime or 3GP file that can be decoded.
 *
 * @param bytes The file.
 * @returns The track.
 * @throws {AudioFormatError} `audio-truncated`: it ends before its index; `audio-damaged`; `audio-unsupported`: names
 *   the codecs; `audio-no-samples`: it has no sound track.
 */
export function demuxMp4(bytes: Uint8Array): Track {
  const moov = findIndex(bytes);
  const { trak, codec } = chooseTrack(moov);
  const stbl = findBox(trak, "mdia", "minf", "stbl") ?? new Uint8Array(0);
  const state = { isCut: false };
  const extents = allExtents(bytes, { moov, trak, stbl, codec });
  return {
    codec,
    packets: { [Symbol.iterator]: () => readPackets(bytes, extents, state) },
    isCut: () => state.isCut,
    ...readPart({ moov, trak, stbl }),
  };
}

function findIndex(bytes: Uint8Array): Uint8Array {
  let isCut = false;
  for (const box of walkTopLevel(bytes)) {
    if (box.type === "moov" && !box.isCut) return box.content;
    isCut ||= box.isCut;
  }
  if (!isCut) throw damagedMp4("no index (moov box)");
  throw truncated("the MP4 file ends before its index (moov box)");
}

// What tag editors append behind the last box is no box.
function* walkTopLevel(bytes: Uint8Array): Generator<Box> {
  let hasIndex = false;
  try {
    for (const box of walkBoxes(bytes)) {
      hasIndex ||= box.type === "moov";
      yield box;
    }
  } catch (error) {
    if (!hasIndex) throw error;
  }
}

type SoundTrack = { trak: Uint8Array; codec: TrackCodec };

function chooseTrack(moov: Uint8Array): SoundTrack {
  let reason: unknown;
  let nTracks = 0;
  for (const { type, content: trak } of walkBoxes(moov)) {
    if (type !== "trak") continue;
    if (++nTracks > MAX_TRACKS) throw damagedMp4(`over ${MAX_TRACKS} tracks`);
    if (!isSound(trak)) continue;
    try {
      const stsd = findBox(trak, "mdia", "minf", "stbl", "stsd");
      if (!stsd) throw damagedMp4("a sound track without a description (stsd box)");
      return { trak, codec: readCodec(stsd) };
    } catch (error) {
      if (!(error instanceof AudioFormatError)) throw error;
      reason ??= error;
    }
  }
  throw reason ?? new AudioFormatError("audio-no-samples", "decodeAudio: the MP4 file has no sound track");
}

function isSound(trak: Uint8Array): boolean {
  const handler = findBox(trak, "mdia", "hdlr");
  return handler !== undefined && String.fromCharCode(...handler.subarray(8, 12)) === "soun";
}

type Sources = { moov: Uint8Array; trak: Uint8Array; stbl: Uint8Array; codec: TrackCodec };

// Packets of the index come first, then those of the fragments.
function allExtents(bytes: Uint8Array, { moov, trak, stbl, codec }: Sources): Iterable<Extent> {
  const trackId = readTrackId(trak);
  const defaultSize = readDefaultSize(moov, trackId);
  const table = readSampleTable(stbl, chunkOptions(codec));
  return {
    *[Symbol.iterator]() {
      yield* table;
      for (const box of walkTopLevel(bytes)) {
        if (box.type !== "moof") continue;
        const start = box.start - 8;
        yield* readFragment(box.content, { start, trackId, defaultSize });
      }
    },
  };
}

// A "sample" of PCM is one of each channel: a chunk of them is read at once.
function chunkOptions(codec: TrackCodec): { bytesPerChunk?: (nSamples: number) => number } {
  if (codec.kind !== "pcm") return {};
  const { nChannels, bytesPerSample } = codec.layout;
  return { bytesPerChunk: (nSamples) => nSamples * nChannels * bytesPerSample };
}

function readTrackId(trak: Uint8Array): number {
  const tkhd = findBox(trak, "tkhd");
  if (!tkhd) throw damagedMp4("a track without its header (tkhd box)");
  const { version, reader } = readFullBox(tkhd, "tkhd");
  reader.skip(version === 1 ? 16 : 8);
  return reader.u32();
}

function readDefaultSize(moov: Uint8Array, trackId: number): number {
  const mvex = findBox(moov, "mvex");
  for (const { type, content } of mvex ? walkBoxes(mvex) : []) {
    if (type !== "trex") continue;
    const { reader } = readFullBox(content, "trex");
    if (reader.u32() !== trackId) continue;
    reader.skip(8);
    return reader.u32();
  }
  return 0;
}

// No byte of a file belongs to two packets: more than there are means that the tables lie.
function* readPackets(
  bytes: Uint8Array,
  extents: Iterable<Extent>,
  state: { isCut: boolean },
): Generator<Packet> {
  let total = 0;
  for (const { offset, size } of extents) {
    if (size === 0) continue;
    total += size;
    if (total > bytes.length) {
      // Packets of a file that is cut short add up to more than it holds; the first one outside tells.
      state.isCut = true;
      return;
    }
    if (offset < 0 || offset + size > bytes.length) {
      state.isCut = true;
      return;
    }
    yield { data: bytes.subarray(offset, offset + size) };
  }
}

/**
 * Which part of the track is to be heard: the edit list says where it begins, after the encoder's delay, and the table
 * of times where it ends. An edit that is shorter than what is left ends it earlier.
 */
function readPart({
  moov,
  trak,
  stbl,
}: {
  moov: Uint8Array;
  trak: Uint8Array;
  stbl: Uint8Array;
}): Partial<Track> {
  const mediaScale = readTimeScale(findBox(trak, "mdia", "mdhd"), "mdhd");
  const edit = readEdit(trak);
  if (mediaScale === 0) return {};
  const skipSeconds = edit ? edit.mediaTime / mediaScale : 0;
  const restSeconds = readTotalTime(stbl) / mediaScale - skipSeconds;
  const movieScale = readTimeScale(findBox(moov, "mvhd"), "mvhd");
  const editSeconds = edit && movieScale > 0 ? edit.duration / movieScale : 0;
  const ends = [restSeconds];
  // A movie's scale is coarse: an edit to the end is up to one of its ticks off.
  if (editSeconds > 0 && editSeconds < restSeconds - 1 / movieScale) ends.push(editSeconds);
  const durationSeconds = Math.min(...ends);
  return { skipSeconds, durationSeconds: durationSeconds > 0 ? durationSeconds : undefined };
}

function readTimeScale(content: Uint8Array | undefined, type: string): number {
  if (!content) return 0;
  const { version, reader } = readFullBox(content, type);
  reader.skip(version === 1 ? 16 : 8);
  return reader.u32();
}

// An empty edit (time -1) delays the track. Several others are a cut, of which all is played.
function readEdit(trak: Uint8Array): { mediaTime: number; duration: number } | undefined {
  const elst = findBox(trak, "edts", "elst");
  if (!elst) return undefined;
  const { version, reader } = readFullBox(elst, "elst");
  const nEntries = reader.u32();
  reader.checkTable(nEntries, version === 1 ? 20 : 12);
  let found: { mediaTime: number; duration: number } | undefined;
  for (let i = 0; i < nEntries; i++) {
    const duration = version === 1 ? reader.u64() : reader.u32();
    const mediaTime = version === 1 ? reader.i64() : reader.i32();
    reader.skip(4);
    if (mediaTime < 0) continue;
    if (found) return undefined;
    found = { mediaTime, duration };
  }
  return found;
}
