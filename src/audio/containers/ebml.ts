// RFC 8794 (EBML): elements of an id, a size and a content, both numbers of variable length.

import { damaged } from "../format-faults.ts";

/** An element. `size` may reach beyond the bytes; it is infinite where the file leaves it open. */
export type Element = { id: number; start: number; size: number };

/**
 * Reads the head of an element.
 *
 * @param bytes The bytes it lies in.
 * @param at Where it begins.
 * @returns Its id with the marker bit, as in the standards; null where the head is cut off or no head.
 */
export function readElement(bytes: Uint8Array, at: number): Element | null {
  const id = readNumber(bytes, at, { maxLength: 4, keepMarker: true });
  if (!id) return null;
  const size = readNumber(bytes, at + id.length, { maxLength: 8, keepMarker: false });
  if (!size) return null;
  return {
    id: id.value,
    start: at + id.length + size.length,
    size: size.isOpen ? Number.POSITIVE_INFINITY : size.value,
  };
}

/**
 * A number of variable length: the first byte's leading zeros say how many more bytes it has.
 *
 * @param bytes The bytes it lies in.
 * @param at Where it begins.
 * @param options.maxLength In bytes, 1..8.
 * @param options.keepMarker Whether the bit that ends the zeros counts, as in ids.
 * @returns `isOpen`: all bits are ones, which stands for an unknown size. Null where it is cut off or too long.
 */
export function readNumber(
  bytes: Uint8Array,
  at: number,
  { maxLength, keepMarker }: { maxLength: number; keepMarker: boolean },
): { value: number; length: number; isOpen: boolean } | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > maxLength || at + length > bytes.length) return null;
  const marker = 0x80 >> (length - 1);
  let value = keepMarker ? first : first & (marker - 1);
  let isOpen = (first | marker) === (marker | (marker - 1));
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i]!;
    isOpen &&= bytes[at + i] === 0xff;
  }
  return { value, length, isOpen };
}

/** The elements directly in an element. @param content Its content. What follows the last whole element is left out. */
export function* walkElements(content: Uint8Array): Generator<{ id: number; content: Uint8Array }> {
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at);
    if (!element) return;
    const end = Math.min(element.start + element.size, content.length);
    yield { id: element.id, content: content.subarray(element.start, end) };
    at = end;
  }
}

/** A whole number of 0 to 8 bytes. @param content Of its element. */
export function readUnsigned(content: Uint8Array): number {
  return content.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A signed whole number of 0 to 8 bytes. @param content Of its element. */
export function readSigned(content: Uint8Array): number {
  const value = readUnsigned(content);
  return (content[0] ?? 0) & 0x80 ? value - 2 ** (8 * Math.min(8, content.length)) : value;
}

/** A float of 4 or 8 bytes, 0 of any other length. @param content Of its element. */
export function readFloat(content: Uint8Array): number {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.length === 4) return view.getFloat32(0);
  return content.length === 8 ? view.getFloat64(0) : 0;
}

/** The error of a Matroska file that contradicts itself. @param what What is wrong. */
export const damagedMatroska = (what: string) => damaged(`damaged Matroska file: ${what}`);
