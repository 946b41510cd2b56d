// ISO/IEC 14496-12 (ISO base media file format) and Apple's QuickTime File Format: boxes of a size and a type, nested.

import { ByteReader } from "../byte-reader.ts";
import { damaged } from "../format-faults.ts";

/** A box: its four-letter type and what it holds. */
export type Box = {
  type: string;
  /** Where its content begins, from the start of the bytes it was found in. */
  start: number;
  /** Its content, as far as it is there. */
  content: Uint8Array;
  /** Whether the bytes end before the box does. */
  isCut: boolean;
};

/**
 * Walks the boxes that follow each other. Nothing is kept of a box that was passed, so any number of them is read in
 * no more memory than one.
 *
 * @param bytes A file, or the content of a box.
 * @throws {AudioFormatError} `audio-damaged`: a size below that of a header.
 */
export function* walkBoxes(bytes: Uint8Array): Generator<Box> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const { size, headerSize } = readSize(view, at);
    if (size < headerSize) throw damagedMp4(`a box of ${size} bytes at byte ${at}`);
    const content = bytes.subarray(
      Math.min(at + headerSize, bytes.length),
      Math.min(at + size, bytes.length),
    );
    yield {
      type: String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!),
      start: at + headerSize,
      content,
      isCut: at + size > bytes.length,
    };
    at += size;
  }
}

// A size of 0 reaches to the end, 1 says that 64 bits of it follow the type.
function readSize(view: DataView, at: number): { size: number; headerSize: number } {
  const size = view.getUint32(at);
  if (size === 0) return { size: view.byteLength - at, headerSize: 8 };
  if (size !== 1) return { size, headerSize: 8 };
  if (at + 16 > view.byteLength) return { size: 0, headerSize: 16 };
  return { size: view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12), headerSize: 16 };
}

/**
 * The content of the first box at the end of a path.
 *
 * @param bytes The content of the box that the path begins in.
 * @param path Types, from the outside in.
 * @returns Undefined where there is none.
 * @throws {AudioFormatError} `audio-damaged`.
 */
export function findBox(bytes: Uint8Array, ...path: string[]): Uint8Array | undefined {
  let content: Uint8Array | undefined = bytes;
  for (const type of path) {
    content = firstBox(content, type);
    if (!content) return undefined;
  }
  return content;
}

function firstBox(bytes: Uint8Array, type: string): Uint8Array | undefined {
  for (const box of walkBoxes(bytes)) if (box.type === type) return box.content;
  return undefined;
}

/**
 * Reads the content of a box that begins with a version and flags.
 *
 * @param content Of the box.
 * @param type For messages.
 * @returns Version, flags, and the reader behind them.
 * @throws {AudioFormatError} `audio-damaged`: it is shorter than that.
 */
export function readFullBox(
  content: Uint8Array,
  type: string,
): { version: number; flags: number; reader: ByteReader } {
  const reader = new ByteReader(content, `MP4 ${type} box`);
  return { version: reader.u8(), flags: reader.u24(), reader };
}

/** The error of an MP4 file that contradicts itself. @param what What is wrong. */
export const damagedMp4 = (what: string) => damaged(`damaged MP4 file: ${what}`);
