// Files made to bring a decoder down, some of each kind that once did: tables that promise more than a file holds, codec
// headers that ask for gigabytes, hundreds of thousands of parts, and sizes that lead in circles.

import { readFileSync } from "node:fs";
import { aiffFile, ascii, be, box, cafFile, le, wavFile } from "./containers.ts";

const AUDIO = new URL("../../fixtures/audio/", import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, AUDIO)));

/** Makes them all, some MB in the largest. @returns By what is wrong with each. */
export function hostileFiles(): Record<string, Uint8Array> {
  return { ...tables(), ...codecHeaders(), ...manyParts(), ...ebmlSizes() };
}

/** MP4: the count of a table, which may also be the last thing in the file. */
function tables(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [file, types] of [
    ["mono-44100.m4a", ["stsz", "stco", "stsc", "stts", "elst", "stsd"]],
    ["fragmented.mp4", ["trun", "tfhd", "trex"]],
  ] as const) {
    for (const type of types) {
      const bytes = read(file);
      const at = indexOf(bytes, ascii(type));
      if (at < 0) continue;
      for (const [count, offset] of [
        [0xffff_ffff, 8],
        [0x7fff_ffff, 12],
        [0x0100_0000, 4],
      ] as const) {
        const changed = withBytes(bytes, at + offset, be(count, 4));
        files[`${type}: ${count} at ${offset}`] = changed;
        files[`${type}: ${count} at ${offset}, cut`] = changed.slice(0, at + 24);
      }
    }
  }
  return files;
}

/** Channels, rates and lengths of frames that no recording has. */
function codecHeaders(): Record<string, Uint8Array> {
  const flac = read("stereo-44100.flac");
  // 655350 Hz (20 bits), 8 channels (3), 32 bits (5), and so many samples (36).
  const streamInfo = [0x9f, 0xff, 0x6f, 0xff, 0xff, 0xff, 0xff, 0xff];
  const opus = indexOf(read("stereo-48000.webm"), ascii("OpusHead"));
  const cookie = [
    ...be(0x7fff_ffff, 4),
    0,
    16,
    40,
    10,
    14,
    255,
    ...be(255, 2),
    ...be(0, 8),
    ...be(44_100, 4),
  ];
  const alac = box(
    "alac",
    be(0, 6),
    be(1, 2),
    be(0, 8),
    be(255, 2),
    be(16, 2),
    be(0, 4),
    be(44_100, 2),
    be(0, 2),
    box("alac", be(0, 4), cookie),
  );
  return {
    "FLAC at 655350 Hz with 8 channels": withBytes(flac, 18, streamInfo),
    "FLAC with blocks of 65535": withBytes(flac, 8, be(0xffff_ffff, 4)),
    "Opus with 255 channels": withBytes(
      read("stereo-48000.webm"),
      opus + 9,
      [255, 0, 0, 255, 255, 255, 255, 0, 0, 255],
    ),
    "ALAC with 255 channels": withSampleEntry(alac),
    "WAV with 65535 channels": Uint8Array.from(
      wavFile(new Array(70_000).fill(1), { nChannels: 65_535, blockAlign: 65_534 }),
    ),
    "CAF with a million channels": withBytes(
      Uint8Array.from(cafFile(new Array(4000).fill(1), true)),
      44,
      be(1_000_000, 4),
    ),
  };
}

/** An M4A whose sample entry is another. */
function withSampleEntry(entry: readonly number[]): Uint8Array {
  const bytes = read("mono-44100.m4a");
  const at = indexOf(bytes, ascii("mp4a")) - 4;
  const room = new DataView(bytes.buffer).getUint32(at);
  const filler = box("free", new Array(Math.max(0, room - entry.length - 8)).fill(0));
  return withBytes(bytes, at, [...entry, ...filler].slice(0, room));
}

/** Hundreds of thousands of parts, each of a name of its own. */
function manyParts(): Record<string, Uint8Array> {
  const nParts = 700_000;
  const parts = new Uint8Array(8 * nParts);
  const view = new DataView(parts.buffer);
  for (let i = 0; i < nParts; i++) view.setUint32(8 * i, 0x2020_2020 + i);
  const boxes = new Uint8Array(8 * nParts);
  for (let i = 0; i < nParts; i++) boxes.set([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65], 8 * i);
  const behind = (head: readonly number[], rest: Uint8Array) => Uint8Array.from([...head, ...rest]);
  return {
    "WAV of 700000 chunks": behind([...ascii("RIFF"), ...le(4 + parts.length, 4), ...ascii("WAVE")], parts),
    "AIFF of 700000 chunks": behind([...ascii("FORM"), ...be(4 + parts.length, 4), ...ascii("AIFF")], parts),
    "AIFF with 2^32 frames": Uint8Array.from(
      aiffFile([1, 2], { nFrames: 0xffff_ffff, soundSize: 0xffff_ffff }),
    ),
    "MP4 of 700000 boxes": behind(box("ftyp", ascii("M4A "), be(0, 4)), boxes),
  };
}

/** Matroska: sizes of 2^48 and more, and of none. */
function ebmlSizes(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const id of [[0x18, 0x53, 0x80, 0x67], [0x1f, 0x43, 0xb6, 0x75], [0x16, 0x54, 0xae, 0x6b], [0xa3]]) {
    const bytes = read("live.webm");
    const at = indexOf(bytes, id) + id.length;
    for (const size of [
      [0x01, 0x01, 0, 0, 0, 0, 0, 0],
      [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x80],
    ]) {
      files[`EBML ${id.join("-")} of size ${size.join("-")}`] = withBytes(bytes, at, size);
    }
  }
  return files;
}

function withBytes(bytes: Uint8Array, at: number, change: readonly number[]): Uint8Array {
  const changed = new Uint8Array(Math.max(bytes.length, at + change.length));
  changed.set(bytes);
  changed.set(change, at);
  return changed;
}

function indexOf(bytes: Uint8Array, part: readonly number[]): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(Buffer.from(part));
}
