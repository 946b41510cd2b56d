// The chunk structure that RIFF (WAV) and IFF (AIFF) share: a four-letter id, a 32-bit size, the body, a pad byte
// after an odd size.

/** Where a chunk's body lies in the file; `start + size` may lie beyond its end. */
export type Chunk = { start: number; size: number };

/**
 * Walks the chunks after a 12-byte file header. Only what is asked for is kept, however many there are.
 *
 * @param bytes The file.
 * @param options.littleEndian Order of the bytes in sizes.
 * @param options.ids The chunks wanted, without the spaces that fill their ids up.
 * @param options.until Stop at this chunk. Default: read to the end.
 * @returns The first chunk of each id wanted.
 */
export function findChunks<Id extends string>(
  bytes: Uint8Array,
  options: { littleEndian: boolean; ids: readonly Id[]; until?: Id },
): Partial<Record<Id, Chunk>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Partial<Record<Id, Chunk>> = {};
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const name = chunkId(bytes, offset).trim();
    const size = view.getUint32(offset + 4, options.littleEndian);
    const id = options.ids.find((wanted) => wanted === name);
    if (id) chunks[id] ??= { start: offset + 8, size };
    if (id && id === options.until) break;
    offset = nextChunk(bytes, offset + 8 + size);
  }
  return chunks;
}

/** Four bytes as text. @param bytes The file. @param offset Where they begin. */
export function chunkId(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/**
 * Whether what lies at a place reads like chunks up to the end of the file.
 *
 * @param bytes The file.
 * @param offset Where the first would begin.
 * @param littleEndian Order of the bytes in sizes.
 */
export function looksLikeChunks(bytes: Uint8Array, offset: number, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = offset;
  for (let n = 0; at + 8 <= bytes.length && n < 4; n++) {
    if (!isId(bytes, at)) return false;
    at = nextChunk(bytes, at + 8 + view.getUint32(at + 4, littleEndian));
  }
  return at > offset && at <= bytes.length + 1;
}

function isId(bytes: Uint8Array, offset: number): boolean {
  return /^[A-Za-z][ -~]{3}$/.test(chunkId(bytes, offset));
}

// Some writers forget the pad byte: it is skipped only where no chunk begins at once.
function nextChunk(bytes: Uint8Array, end: number): number {
  if (end % 2 === 0) return end;
  return /^[ -~]{4}$/.test(chunkId(bytes, end)) && bytes[end] !== 0 ? end : end + 1;
}
