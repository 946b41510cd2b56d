// The chunk structure that RIFF (WAV) and IFF (AIFF) share: a four-letter id, a 32-bit size, the body, a pad byte
// after an odd size.

/** Where a chunk's body lies in the file; `start + size` may lie beyond its end. */
export type Chunk = { start: number; size: number };

/**
 * Walks the chunks after a 12-byte file header.
 *
 * @param bytes The file.
 * @param options.littleEndian Order of the bytes in sizes.
 * @param options.until Stop at this chunk. Default: read to the end.
 * @returns The first chunk of each id.
 */
export function findChunks(
  bytes: Uint8Array,
  options: { littleEndian: boolean; until?: string },
): Record<string, Chunk | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Record<string, Chunk> = Object.create(null);
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const id = chunkId(bytes, offset).trim();
    const size = view.getUint32(offset + 4, options.littleEndian);
    chunks[id] ??= { start: offset + 8, size };
    if (id === options.until) break;
    offset = nextChunk(bytes, offset + 8 + size);
  }
  return chunks;
}

/**
 * Four bytes as text.
 *
 * @param bytes The file.
 * @param offset Where they begin.
 */
export function chunkId(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

// Some writers forget the pad byte: it is skipped only where no chunk begins at once.
function nextChunk(bytes: Uint8Array, end: number): number {
  if (end % 2 === 0) return end;
  return /^[ -~]{4}$/.test(chunkId(bytes, end)) && bytes[end] !== 0 ? end : end + 1;
}
