// RFC 9639, section 8: metadata blocks, then frames up to the end of the file.

import { checkSampleRate } from "../audio-clip.ts";
import type { FlacStreamInfo } from "../codecs/flac-frame.ts";
import { damaged, truncated } from "../format-faults.ts";
import { chunkId } from "../riff-chunks.ts";
import type { Track } from "../track.ts";

/**
 * The stream of a FLAC file.
 *
 * @param bytes The file, from `fLaC` on.
 * @returns One packet that holds all frames; further files behind it are chained to it.
 * @throws {AudioFormatError} `audio-truncated`: it ends within its header; `audio-damaged`: it has no STREAMINFO.
 */
export function demuxFlac(bytes: Uint8Array): Track {
  const streamInfo = bytes.subarray(8, 42);
  const { nSamples } = readStreamInfo(streamInfo);
  if (chunkId(bytes, 0) !== "fLaC" || (bytes[4]! & 0x7f) !== 0) throw damaged("FLAC without STREAMINFO");
  const start = metadataEnd(bytes);
  const end = nextFile(bytes, start);
  const data = bytes.subarray(start, end);
  return {
    codec: { kind: "flac", streamInfo },
    packets: data.length > 0 ? [{ data }] : [],
    // What tag editors append may look like frames.
    durationSeconds: nSamples > 0 ? nSamples / readStreamInfo(streamInfo).sampleRate : undefined,
    nPromised: nSamples,
    next: () => (end === bytes.length ? undefined : demuxFlac(bytes.subarray(end))),
  };
}

// Where another file begins that was appended: its name, and the head of its STREAMINFO.
function nextFile(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0x66, start); at >= 0; at = bytes.indexOf(0x66, at + 1)) {
    if (chunkId(bytes, at) !== "fLaC" || at + 42 > bytes.length) continue;
    const head = new DataView(bytes.buffer, bytes.byteOffset + at + 4, 4).getUint32(0) & 0x7fff_ffff;
    if (head === 34) return at;
  }
  return bytes.length;
}

// Each block: one bit that says whether it is the last, its type, 24 bits of size.
function metadataEnd(bytes: Uint8Array): number {
  let at = 4;
  for (let isLast = false; !isLast && at + 4 <= bytes.length; ) {
    isLast = (bytes[at]! & 0x80) !== 0;
    at += 4 + bytes[at + 1]! * 65_536 + bytes[at + 2]! * 256 + bytes[at + 3]!;
  }
  return Math.min(at, bytes.length);
}

/**
 * Reads the fields of STREAMINFO that matter here (RFC 9639, section 8.2).
 *
 * @param bytes Its 34 bytes.
 * @throws {AudioFormatError} `audio-truncated`: fewer; `audio-damaged`: a sample rate out of range.
 */
export function readStreamInfo(bytes: Uint8Array): FlacStreamInfo {
  if (bytes.length < 34) throw truncated("the FLAC file ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sampleRate = view.getUint32(10) >>> 12;
  checkSampleRate(sampleRate);
  const bitsPerSample = ((view.getUint16(12) >> 4) & 31) + 1;
  return { sampleRate, bitsPerSample, nSamples: (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14) };
}
