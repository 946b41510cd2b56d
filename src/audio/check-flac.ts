// RFC 9639 (FLAC). A frame of 14 bytes may unfold into 65,535 samples on eight channels, and the decoder behind
// audio-decode loses frames when it is fed by pieces smaller than they are; so a file is measured before it is decoded
// whole.

import { AudioFormatError } from "../errors.ts";
import { checkDuration, checkSampleRate } from "./audio-clip.ts";
import { chunkId } from "./riff-chunks.ts";

const STREAM_INFO_END = 42;

/**
 * Checks a FLAC file against the limit, by its header and by its frames.
 *
 * @param bytes The file, from `fLaC` on.
 * @param options.maxDurationMs Longest duration, in milliseconds.
 * @returns The samples its header promises, 0 where it leaves that open.
 * @throws {AudioFormatError} `audio-truncated`: shorter than a header; `audio-damaged`: no STREAMINFO, or a sample rate
 *   out of range; `audio-too-long`.
 */
export function checkFlac(bytes: Uint8Array, options: { maxDurationMs: number }): { nPromised: number } {
  if (bytes.length < STREAM_INFO_END) {
    throw new AudioFormatError("audio-truncated", "decodeAudio: the FLAC file ends within its header");
  }
  if ((bytes[4]! & 0x7f) !== 0 || chunkId(bytes, 0) !== "fLaC") {
    throw new AudioFormatError("audio-damaged", "decodeAudio: FLAC without STREAMINFO");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sampleRate = view.getUint32(18) >>> 12;
  checkSampleRate(sampleRate);
  const nPromised = (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
  checkDuration(nPromised, { sampleRate, ...options });
  // What looks like a frame header need not be one: only a sum far above the limit tells.
  checkDuration(sumOfBlocks(bytes) / 2, { sampleRate, ...options });
  return { nPromised };
}

function sumOfBlocks(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = bytes.indexOf(0xff, STREAM_INFO_END); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if ((bytes[at + 1]! & 0xfe) === 0xf8) sum += blockSize(bytes, at);
  }
  return sum;
}

// The block size a frame header at this place gives; 0 where its check byte says that it is none.
function blockSize(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 2]! >> 4;
  const rateCode = bytes[at + 2]! & 15;
  // The frame number is coded like a UTF-8 letter: as many bytes as its first has leading ones.
  const numberLength = Math.max(1, Math.clz32(~(bytes[at + 4]! << 24)));
  const sizeAt = at + 4 + numberLength;
  const rateAt = sizeAt + (code === 6 ? 1 : code === 7 ? 2 : 0);
  const end = rateAt + (rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0);
  if (end >= bytes.length || crc8(bytes.subarray(at, end)) !== bytes[end]) return 0;
  if (code === 6) return bytes[sizeAt]! + 1;
  if (code === 7) return bytes[sizeAt]! * 256 + bytes[sizeAt + 1]! + 1;
  if (code >= 8) return 256 << (code - 8);
  return code === 1 ? 192 : 576 << (code - 2);
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}
