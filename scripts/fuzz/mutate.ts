import type { Random } from "../../src/random.ts";
import { type Segment, segmentsOf } from "./segments.ts";

type Mutation = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

const MAX_BYTES = 200_000;

/**
 * Damages a file once to five times, mostly where its structure is.
 *
 * @param corpus Files; one of them is damaged, others may lend parts.
 * @param random Decides everything.
 * @returns A new file of at most 200 kB.
 */
export function mutate(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = pick(corpus, random).slice();
  const nMutations = random.integer(1, 6);
  for (let i = 0; i < nMutations && bytes.length > 8; i++)
    bytes = pick(MUTATIONS, random)(bytes, random, corpus);
  return bytes.slice(0, MAX_BYTES);
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[random.integer(0, items.length)]!;
}

const EXTREMES = [
  0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x00ff_ffff,
  0x0fff_ffff, 0x1000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

const MUTATIONS: readonly Mutation[] = [
  setSize,
  setSize,
  setField,
  setField,
  setField,
  moveField,
  duplicate,
  repeat,
  remove,
  splice,
  swapOrder,
  flipBits,
  setBytes,
  cut,
  insertJunk,
];

function aSegment(bytes: Uint8Array, random: Random): Segment {
  const segments = segmentsOf(bytes);
  if (segments.length > 0) return pick(segments, random);
  const start = random.integer(0, bytes.length);
  const end = random.integer(start, bytes.length) + 1;
  return { start, contentStart: start, end, size: { at: start, width: 1, littleEndian: false } };
}

function write(bytes: Uint8Array, value: number, { at, width, littleEndian }: Segment["size"]): Uint8Array {
  for (let i = 0; i < width; i++) {
    const place = littleEndian ? at + i : at + width - 1 - i;
    if (place < bytes.length) bytes[place] = Math.floor(value / 256 ** i) & 0xff;
  }
  return bytes;
}

function setSize(bytes: Uint8Array, random: Random): Uint8Array {
  const { size, contentStart, end } = aSegment(bytes, random);
  const nearby = end - contentStart + random.integer(-16, 17);
  return write(bytes, random.chance(0.5) ? Math.max(0, nearby) : pick(EXTREMES, random), size);
}

// A number near the head of a part: counts, rates, channels and versions are there.
function setField(bytes: Uint8Array, random: Random): Uint8Array {
  const { contentStart, end } = aSegment(bytes, random);
  const at = contentStart + random.integer(0, Math.max(1, Math.min(64, end - contentStart)));
  const width = pick([1, 1, 2, 4, 8], random);
  return write(bytes, pick(EXTREMES, random), { at, width, littleEndian: random.chance(0.4) });
}

function moveField(bytes: Uint8Array, random: Random): Uint8Array {
  const { contentStart, end } = aSegment(bytes, random);
  const at = contentStart + random.integer(0, Math.max(1, end - contentStart));
  if (at < bytes.length) bytes[at] = (bytes[at]! + random.integer(-4, 5)) & 0xff;
  return bytes;
}

function insertAt(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + part.length);
  result.set(bytes.subarray(0, at));
  result.set(part, at);
  result.set(bytes.subarray(at), at + part.length);
  return result;
}

function duplicate(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = aSegment(bytes, random);
  return insertAt(bytes, aSegment(bytes, random).start, bytes.slice(start, end));
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = aSegment(bytes, random);
  const part = bytes.slice(start, end);
  const times = Math.min(
    pick([10, 100, 1000, 10_000], random),
    Math.floor(MAX_BYTES / Math.max(1, part.length)),
  );
  const parts = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) parts.set(part, i * part.length);
  return insertAt(bytes, start, parts);
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = aSegment(bytes, random);
  return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
}

function splice(bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]): Uint8Array {
  const other = pick(corpus, random);
  const { start, end } = aSegment(other, random);
  return insertAt(bytes, aSegment(bytes, random).start, other.subarray(start, end));
}

function swapOrder(bytes: Uint8Array, random: Random): Uint8Array {
  const [a, b] = [aSegment(bytes, random), aSegment(bytes, random)].sort((x, y) => x.start - y.start);
  if (!a || !b || a.end > b.start) return bytes;
  const parts = [
    [0, a.start],
    [b.start, b.end],
    [a.end, b.start],
    [a.start, a.end],
    [b.end, bytes.length],
  ];
  return Uint8Array.from(parts.flatMap(([start, end]) => [...bytes.subarray(start, end)]));
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  for (let n = random.integer(1, 20); n > 0; n--)
    bytes[random.integer(0, bytes.length)]! ^= 1 << random.integer(0, 8);
  return bytes;
}

function setBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random.integer(0, bytes.length);
  for (let i = start; i < Math.min(bytes.length, start + random.integer(1, 300)); i++)
    bytes[i] = random.integer(0, 256);
  return bytes;
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(
    0,
    random.chance(0.5) ? aSegment(bytes, random).contentStart : random.integer(1, bytes.length),
  );
}

function insertJunk(bytes: Uint8Array, random: Random): Uint8Array {
  const junk = Uint8Array.from({ length: random.integer(1, 2000) }, () => random.integer(0, 256));
  return insertAt(bytes, aSegment(bytes, random).start, random.chance(0.5) ? junk : junk.fill(0));
}
