import { ascii, be } from "./containers.ts";

/** How a FLAC file is written. */
export type FlacForm = {
  /** 4..32. */
  bitsPerSample: number;
  /** Samples of each block, used in turn. */
  blockSizes: readonly number[];
};

/**
 * A FLAC file (RFC 9639) at 8 kHz, one channel, not compressed.
 *
 * @param samples -1..1.
 */
export function flacFile(samples: ArrayLike<number>, { bitsPerSample, blockSizes }: FlacForm): number[] {
  const isVariable = new Set(blockSizes).size > 1;
  const format = 8000 * 2 ** 12 + (bitsPerSample - 1) * 2 ** 4;
  const info = [
    ...be(16, 2),
    ...be(4608, 2),
    ...be(0, 6),
    ...be(format, 4),
    ...be(samples.length, 4),
    ...be(0, 16),
  ];
  const frames: number[] = [];
  for (let at = 0, n = 0; at < samples.length; n++) {
    const block = Array.from(samples).slice(at, at + blockSizes[n % blockSizes.length]!);
    frames.push(...flacFrame(block, { bitsPerSample, number: isVariable ? at : n, isVariable }));
    at += block.length;
  }
  return [...ascii("fLaC"), 0x80, ...be(info.length, 3), ...info, ...frames];
}

type Frame = { bitsPerSample: number; number: number; isVariable: boolean };

// The number of bits is left to the file's header, so that any is possible.
function flacFrame(block: readonly number[], { bitsPerSample, number, isVariable }: Frame): number[] {
  const head = [0xff, isVariable ? 0xf9 : 0xf8, 0x74, 0x00, ...utf8(number), ...be(block.length - 1, 2)];
  head.push(crc(head, 8, 0x07));
  let bits = "00000010";
  for (const sample of block) {
    const value = BigInt(Math.round(sample * 2 ** (bitsPerSample - 1)));
    bits += BigInt.asUintN(bitsPerSample, value).toString(2).padStart(bitsPerSample, "0");
  }
  const body = bits.match(/.{1,8}/g)!.map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
  const frame = [...head, ...body];
  return [...frame, ...be(crc(frame, 16, 0x8005), 2)];
}

function utf8(value: number): number[] {
  return [...new TextEncoder().encode(String.fromCodePoint(value))];
}

function crc(bytes: readonly number[], width: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & (1 << (width - 1)) ? polynomial : 0);
    value &= 2 ** width - 1;
  }
  return value;
}
