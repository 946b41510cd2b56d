// RFC 9639 (FLAC), section 9: frames. Block sizes may change from frame to frame, samples have 4 to 32 bits.

import { BitReader } from "./bit-reader.ts";
import { decodeSubframe } from "./flac-subframe.ts";

/** A decoded frame: samples as whole numbers. */
export type FlacFrame = {
  channels: Float64Array[];
  bitsPerSample: number;
  sampleRate: number;
  /** Bytes it took. */
  length: number;
};

/** What STREAMINFO says, for frames that leave it out. */
export type FlacStreamInfo = { sampleRate: number; bitsPerSample: number; nSamples: number };

const RATES = [0, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
const WIDTHS = [0, 8, 12, 0, 16, 20, 24, 32];

type Header = {
  blockSize: number;
  sampleRate: number;
  assignment: number;
  bitsPerSample: number;
  length: number;
};

/**
 * Reads a frame's header.
 *
 * @param bytes From the frame on.
 * @param streamInfo For what the header leaves to it.
 * @returns Null where there is none: no sync code, a reserved value, a wrong checksum.
 */
export function readFlacHeader(bytes: Uint8Array, streamInfo: FlacStreamInfo): Header | null {
  if (bytes[0] !== 0xff || (bytes[1]! & 0xfe) !== 0xf8) return null;
  const [sizeCode, rateCode] = [bytes[2]! >> 4, bytes[2]! & 15];
  const [assignment, widthCode] = [bytes[3]! >> 4, (bytes[3]! >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || assignment > 10 || widthCode === 3 || bytes[3]! & 1) return null;
  // The number of the frame or sample is coded like a UTF-8 letter: as many bytes as its first has leading ones.
  const sizeAt = 4 + Math.max(1, Math.clz32(~(bytes[4]! << 24)));
  const rateAt = sizeAt + (sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0);
  const end = rateAt + (rateCode === 12 ? 1 : rateCode >= 13 ? 2 : 0);
  if (end >= bytes.length || crc8(bytes, end) !== bytes[end]) return null;
  const sampleRate = readRate(bytes, { code: rateCode, at: rateAt, streamInfo });
  const bitsPerSample = WIDTHS[widthCode] || streamInfo.bitsPerSample;
  return {
    blockSize: readBlockSize(bytes, sizeCode, sizeAt),
    sampleRate,
    assignment,
    bitsPerSample,
    length: end + 1,
  };
}

function readBlockSize(bytes: Uint8Array, code: number, at: number): number {
  if (code === 6) return bytes[at]! + 1;
  if (code === 7) return bytes[at]! * 256 + bytes[at + 1]! + 1;
  if (code >= 8) return 256 << (code - 8);
  return code === 1 ? 192 : 576 << (code - 2);
}

type RateField = { code: number; at: number; streamInfo: FlacStreamInfo };

function readRate(bytes: Uint8Array, { code, at, streamInfo }: RateField): number {
  if (code === 12) return bytes[at]! * 1000;
  if (code === 13) return bytes[at]! * 256 + bytes[at + 1]!;
  if (code === 14) return (bytes[at]! * 256 + bytes[at + 1]!) * 10;
  return RATES[code] || streamInfo.sampleRate;
}

/**
 * Decodes a frame.
 *
 * @param bytes From the frame on; more may follow.
 * @param header Its header.
 * @throws {Error} It is damaged, or its checksum is wrong.
 */
export function decodeFlacFrame(bytes: Uint8Array, header: Header): FlacFrame {
  const { assignment, bitsPerSample, blockSize, sampleRate } = header;
  const reader = new BitReader(bytes.subarray(header.length, header.length + MAX_FRAME_BYTES));
  const nChannels = assignment < 8 ? assignment + 1 : 2;
  const channels: Float64Array[] = [];
  for (let i = 0; i < nChannels; i++) {
    // The difference of two channels takes a bit more.
    const isSide = (i === 1 && (assignment === 8 || assignment === 10)) || (i === 0 && assignment === 9);
    channels.push(decodeSubframe(reader, { blockSize, bitsPerSample: bitsPerSample + (isSide ? 1 : 0) }));
  }
  reader.align();
  const end = header.length + reader.position / 8;
  if (end + 2 > bytes.length || crc16(bytes, end) !== bytes[end]! * 256 + bytes[end + 1]!) {
    throw new Error("a frame with a wrong checksum");
  }
  if (assignment >= 8) restoreStereo(channels, assignment);
  return { channels, bitsPerSample, sampleRate, length: end + 2 };
}

// 65,536 samples on eight channels, not compressed.
const MAX_FRAME_BYTES = 65_536 * 8 * 5;

// 8: left and side, 9: side and right, 10: mid and side, where side is left less right and mid their halved sum.
function restoreStereo([first, second]: Float64Array[], assignment: number): void {
  if (!first || !second) return;
  if (assignment === 8) for (let i = 0; i < first.length; i++) second[i] = first[i]! - second[i]!;
  if (assignment === 9) for (let i = 0; i < first.length; i++) first[i]! += second[i]!;
  if (assignment < 10) return;
  for (let i = 0; i < first.length; i++) {
    first[i]! += Math.ceil(second[i]! / 2);
    second[i] = first[i]! - second[i]!;
  }
}

function crc8(bytes: Uint8Array, end: number): number {
  let crc = 0;
  for (let i = 0; i < end; i++) crc = CRC8[crc ^ bytes[i]!]!;
  return crc;
}

function crc16(bytes: Uint8Array, end: number): number {
  let crc = 0;
  for (let i = 0; i < end; i++) crc = ((crc << 8) & 0xff00) ^ CRC16[(crc >> 8) ^ bytes[i]!]!;
  return crc;
}

const CRC8 = Uint8Array.from({ length: 256 }, (_, byte) => crcOfByte(byte, { width: 8, polynomial: 0x07 }));
const CRC16 = Uint16Array.from({ length: 256 }, (_, byte) =>
  crcOfByte(byte, { width: 16, polynomial: 0x8005 }),
);

function crcOfByte(byte: number, { width, polynomial }: { width: number; polynomial: number }): number {
  const top = 1 << (width - 1);
  let crc = byte << (width - 8);
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & top ? polynomial : 0);
  return crc & (2 ** width - 1);
}
