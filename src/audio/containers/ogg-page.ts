/** A page of an Ogg stream (RFC 3533, section 6). */
export type OggPage = {
  /** Where it begins and ends in the bytes. */
  start: number;
  end: number;
  serial: number;
  /** Its time stamp, in units of the codec; -1 where no packet ends on it. */
  granule: number;
  /** Whether it begins with the rest of a packet. */
  continues: boolean;
  isFirst: boolean;
  isLast: boolean;
  /** Whether the bytes end before it does. */
  isCut: boolean;
  body: Uint8Array;
  /** Pieces of packets in the body, in order; `ends` says that the packet does. */
  segments: readonly { length: number; ends: boolean }[];
};

const HEADER_BYTES = 27;

/**
 * Reads the page at a place.
 *
 * @param bytes The file.
 * @param at Where `OggS` is.
 * @returns Null where the bytes end within its header, or it is of another version.
 */
export function readPage(bytes: Uint8Array, at: number): OggPage | null {
  const nSegments = bytes[at + 26];
  if (nSegments === undefined || bytes[at + 4] !== 0 || at + HEADER_BYTES + nSegments > bytes.length)
    return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  const start = at + HEADER_BYTES + nSegments;
  const segments = readSegments(bytes.subarray(at + HEADER_BYTES, start));
  const end = start + segments.reduce((sum, { length }) => sum + length, 0);
  const isCut = end > bytes.length;
  const flags = view.getUint8(5);
  return {
    start: at,
    end,
    serial: view.getUint32(14, true),
    granule: view.getInt32(10, true) * 2 ** 32 + view.getUint32(6, true),
    continues: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    isCut,
    body: bytes.subarray(start, Math.min(end, bytes.length)),
    // Of a page that is cut off only what is whole counts.
    segments: isCut ? wholeSegments(segments, bytes.length - start) : segments,
  };
}

// Lacing values add up to a packet, which ends at one below 255.
function readSegments(lacing: Uint8Array): { length: number; ends: boolean }[] {
  const segments: { length: number; ends: boolean }[] = [];
  let length = 0;
  for (const [i, value] of lacing.entries()) {
    length += value;
    const ends = value < 255;
    if (!ends && i < lacing.length - 1) continue;
    segments.push({ length, ends });
    length = 0;
  }
  return segments;
}

function wholeSegments(segments: { length: number; ends: boolean }[], available: number): typeof segments {
  let end = 0;
  return segments.filter(({ length }) => {
    end += length;
    return end <= available;
  });
}

/**
 * Finds the next page.
 *
 * @param bytes The file.
 * @param from Where the search begins.
 * @returns Where `OggS` is, -1 where there is none.
 */
export function findPage(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x4f, from); at >= 0; at = bytes.indexOf(0x4f, at + 1)) {
    if (bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53) return at;
  }
  return -1;
}
