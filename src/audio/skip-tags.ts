// Tags that editors put around the sound of any format: ID3v2 (id3.org/id3v2.4.0-structure), APEv2, ID3v1.

import { chunkId } from "./riff-chunks.ts";

/**
 * Where the sound begins behind the tags and the padding at the start of a file.
 *
 * @param bytes The file.
 * @returns Bytes to pass over; 0 without a tag, the length of the file at most.
 */
export function skipTags(bytes: Uint8Array): number {
  let at = 0;
  for (let end = tagEnd(bytes, at); end > at; end = tagEnd(bytes, at)) at = end;
  return Math.min(at, bytes.length);
}

// Padding may follow that the tag's size leaves out. A box of MP4 begins with zeros of its own.
function tagEnd(bytes: Uint8Array, at: number): number {
  const end = Math.max(id3End(bytes, at), apeEnd(bytes, at));
  if (end <= at) return at;
  let next = end;
  while (bytes[next] === 0) next++;
  for (let box = Math.max(end, next - 3); box < next; box++) {
    if (/^(ftyp|moov|mdat|wide|free|skip|styp)$/.test(chunkId(bytes, box + 4))) return box;
  }
  return next;
}

// A header of ten bytes holds the size in four groups of seven bits; a footer of ten may follow.
function id3End(bytes: Uint8Array, at: number): number {
  if (at + 10 > bytes.length || !chunkId(bytes, at).startsWith("ID3")) return at;
  const size = bytes.subarray(at + 6, at + 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return at + 10 + size + (bytes[at + 5]! & 0x10 ? 10 : 0);
}

// A header of 32 bytes; the size counts what follows it.
function apeEnd(bytes: Uint8Array, at: number): number {
  if (at + 32 > bytes.length || chunkId(bytes, at) + chunkId(bytes, at + 4) !== "APETAGEX") return at;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return at + 32 + view.getUint32(at + 12, true);
}
