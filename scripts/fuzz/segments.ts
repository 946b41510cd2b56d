/** A part of a file with a head that says how long it is: a box, a chunk, an element, a page, a frame. */
export type Segment = {
  start: number;
  /** Where its content begins. */
  contentStart: number;
  end: number;
  /** Where its size is written. */
  size: { at: number; width: number; littleEndian: boolean };
};

/**
 * Finds the parts of a file, also those inside of others.
 *
 * @param bytes The file.
 * @returns In any order; none where the format is not known here.
 */
export function segmentsOf(bytes: Uint8Array): Segment[] {
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (/^(RIFF|RIFX|RF64)$/.test(text(0)))
    return chunks(bytes, { from: 12, littleEndian: text(0) !== "RIFX", sizeWidth: 4 });
  if (text(0) === "FORM") return chunks(bytes, { from: 12, littleEndian: false, sizeWidth: 4 });
  if (text(0) === "caff") return chunks(bytes, { from: 8, littleEndian: false, sizeWidth: 8 });
  if (text(0) === "OggS") return pages(bytes);
  if (text(0) === "fLaC") return flacBlocks(bytes);
  if (bytes[0] === 0x1a && bytes[1] === 0x45) return elements(bytes, 0, bytes.length);
  if (/^(ftyp|moov|mdat|wide|free|skip|styp)$/.test(text(4))) return boxes(bytes, 0, bytes.length);
  return frames(bytes);
}

type ChunkForm = { from: number; littleEndian: boolean; sizeWidth: number };

function chunks(bytes: Uint8Array, { from, littleEndian, sizeWidth }: ChunkForm): Segment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Segment[] = [];
  for (let at = from; at + 4 + sizeWidth <= bytes.length; ) {
    const size = { at: at + 4, width: sizeWidth, littleEndian };
    const contentStart = at + 4 + sizeWidth;
    const length = view.getUint32(contentStart - 4, littleEndian);
    const end = Math.min(bytes.length, contentStart + length + (sizeWidth === 4 ? length % 2 : 0));
    found.push({ start: at, contentStart, end, size });
    at = end;
  }
  return found;
}

const CONTAINERS = /^(moov|trak|mdia|minf|stbl|edts|dinf|udta|moof|traf|mvex|wave)$/;

function boxes(bytes: Uint8Array, from: number, to: number): Segment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Segment[] = [];
  for (let at = from; at + 8 <= to; ) {
    const end = Math.min(to, at + Math.max(8, view.getUint32(at) || to - at));
    found.push({ start: at, contentStart: at + 8, end, size: { at, width: 4, littleEndian: false } });
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (CONTAINERS.test(type)) found.push(...boxes(bytes, at + 8, end));
    if (type === "stsd") found.push(...boxes(bytes, at + 16, end));
    if (/^(mp4a|alac|Opus|fLaC)$/.test(type) && end - at > 36) found.push(...boxes(bytes, at + 36, end));
    at = end;
  }
  return found;
}

const MASTERS = new Set([0x18538067, 0x1654ae6b, 0xae, 0xe1, 0x1f43b675, 0xa0, 0x1549a966, 0x6d80]);

function elements(bytes: Uint8Array, from: number, to: number): Segment[] {
  const found: Segment[] = [];
  for (let at = from; at < to; ) {
    const idWidth = Math.clz32(bytes[at]!) - 23;
    const width = Math.clz32(bytes[at + idWidth] ?? 0) - 23;
    if (idWidth > 4 || width > 8) return found;
    const id = bytes.subarray(at, at + idWidth).reduce((sum, byte) => sum * 256 + byte, 0);
    const coded = bytes.subarray(at + idWidth, at + idWidth + width);
    const value = coded.reduce((sum, byte) => sum * 256 + byte, 0) - 2 ** (7 * width);
    const contentStart = at + idWidth + width;
    const end = MASTERS.has(id) && value >= 2 ** (7 * width) - 1 ? to : Math.min(to, contentStart + value);
    found.push({ start: at, contentStart, end, size: { at: at + idWidth, width, littleEndian: false } });
    if (MASTERS.has(id)) found.push(...elements(bytes, contentStart, end));
    at = Math.max(end, at + 1);
  }
  return found;
}

function pages(bytes: Uint8Array): Segment[] {
  const found: Segment[] = [];
  for (let at = 0; at + 27 <= bytes.length && bytes[at] === 0x4f; ) {
    const nLaces = bytes[at + 26]!;
    const length = bytes.subarray(at + 27, at + 27 + nLaces).reduce((sum, value) => sum + value, 0);
    const end = Math.min(bytes.length, at + 27 + nLaces + length);
    const size = { at: at + 27, width: 1, littleEndian: true };
    found.push({ start: at, contentStart: at + 27 + nLaces, end, size });
    at = end;
  }
  return found;
}

function flacBlocks(bytes: Uint8Array): Segment[] {
  const found: Segment[] = [];
  for (let at = 4, isLast = false; !isLast && at + 4 <= bytes.length; ) {
    isLast = (bytes[at]! & 0x80) !== 0;
    const length = bytes[at + 1]! * 65_536 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    const end = Math.min(bytes.length, at + 4 + length);
    found.push({ start: at, contentStart: at + 4, end, size: { at: at + 1, width: 3, littleEndian: false } });
    at = end;
  }
  return [...found, ...frames(bytes.subarray(42)).map((frame) => shift(frame, 42))];
}

function shift({ start, contentStart, end, size }: Segment, by: number): Segment {
  return {
    start: start + by,
    contentStart: contentStart + by,
    end: end + by,
    size: { ...size, at: size.at + by },
  };
}

// From one sync word to the next: MP3, AAC, FLAC.
function frames(bytes: Uint8Array): Segment[] {
  const starts: number[] = [];
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1]! >= 0xe0) starts.push(at);
  }
  return starts.map((start, i) => ({
    start,
    contentStart: Math.min(bytes.length, start + 4),
    end: starts[i + 1] ?? bytes.length,
    size: { at: start + 3, width: 2, littleEndian: false },
  }));
}
