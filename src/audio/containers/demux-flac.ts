// RFC 9639, section 8: metadata blocks, then frames up to the end of the file.

import { AudioFormatError } from "../../errors.ts";
import { readStreamInfo } from "../codecs/flac-decoder.ts";
import { chunkId } from "../riff-chunks.ts";
import type { Track } from "../track.ts";

/**
 * The stream of a FLAC file.
 *
 * @param bytes The file, from `fLaC` on.
 * @returns One packet that holds all frames.
 * @throws {AudioFormatError} `audio-truncated`: it ends within its header; `audio-damaged`: it has no STREAMINFO.
 */
export function demuxFlac(bytes: Uint8Array): Track {
  const streamInfo = bytes.subarray(8, 42);
  const { nSamples } = readStreamInfo(streamInfo);
  if (chunkId(bytes, 0) !== "fLaC" || (bytes[4]! & 0x7f) !== 0) {
    throw new AudioFormatError("audio-damaged", "decodeAudio: FLAC without STREAMINFO");
  }
  const data = bytes.subarray(metadataEnd(bytes));
  return {
    codec: { kind: "flac", streamInfo },
    packets: data.length > 0 ? [{ data }] : [],
    // What tag editors append may look like frames.
    durationSeconds: nSamples > 0 ? nSamples / readStreamInfo(streamInfo).sampleRate : undefined,
    nPromised: nSamples,
  };
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
