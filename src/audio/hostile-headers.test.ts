// Counts in a header that its file cannot hold.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AudioFormatError } from "../errors.ts";
import { decodeAudio } from "./decode-audio.ts";

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)));
const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

async function failure(bytes: Uint8Array, options?: { maxDurationMs?: number }): Promise<AudioFormatError> {
  const error = await decodeAudio(bytes, options).catch((reason: unknown) => reason);
  if (!(error instanceof AudioFormatError)) throw new Error(`expected an AudioFormatError, got ${error}`);
  return error;
}

describe("hostile headers end at once", () => {
  const patched = (name: string, type: string, write: (view: DataView, body: number) => void) => {
    const bytes = read(`audio/${name}`);
    const at = bytes.findIndex((_, i) => ascii(type).every((letter, k) => bytes[i + k] === letter));
    write(new DataView(bytes.buffer), at + 4);
    return bytes;
  };

  test.each<[string, string, number]>([
    ["mono-44100.m4a", "stsz", 8],
    ["mono-44100.m4a", "stco", 4],
    ["mono-44100.m4a", "stsc", 4],
    ["mono-44100.m4a", "stts", 4],
    ["fragmented.mp4", "trun", 4],
    ["mono-44100.m4a", "elst", 4],
  ])("%s with 2^32 - 1 entries in its %s table", async (name, type, offset) => {
    const bytes = patched(name, type, (view, body) => view.setUint32(body + offset, 0xffff_ffff));
    expect((await failure(bytes)).code).toBe("audio-damaged");
  });

  test("an MP4 with 2^32 - 1 samples of one size", async () => {
    const bytes = patched("mono-44100.m4a", "stsz", (view, body) => {
      view.setUint32(body + 4, 1);
      view.setUint32(body + 8, 0xffff_ffff);
    });
    expect((await failure(bytes)).code).toBe("audio-damaged");
  });

  test("a FLAC header of 2^36 samples, and one that hides how many there are", async () => {
    const many = read("audio/mono-8000.flac");
    many.fill(0xff, 22, 26);
    expect((await failure(many)).code).toBe("audio-too-long");
    const open = read("audio/mono-8000.flac");
    open.fill(0, 22, 26);
    expect((await failure(open, { maxDurationMs: 300 })).code).toBe("audio-too-long");
    expect((await decodeAudio(open)).samples).toHaveLength(5540);
  });

  test("tags without end, of which any program leaves but a few", async () => {
    const flac = read("audio/mono-8000.flac");
    const tags = (count: number) =>
      Array.from({ length: count }, () => [...ascii("ID3"), 3, 0, 0, 0, 0, 0, 0]);
    const tagged = (count: number) => Uint8Array.from([...tags(count).flat(), ...flac]);
    expect((await failure(tagged(20_000))).code).toBe("audio-damaged");
    expect((await decodeAudio(tagged(20))).samples).toHaveLength(5540);
  });

  test("two hundred thousand tracks of nothing", async () => {
    const flood = (head: number[], track: number[]) =>
      Uint8Array.from([...head, ...Array.from({ length: 200_000 }, () => track).flat()]);
    const segment = [0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 1, ...new Array(7).fill(0xff)];
    const tracks = [0x16, 0x54, 0xae, 0x6b];
    for (const file of [
      flood(segment, [...tracks, 0x82, 0xae, 0x80]),
      flood([...segment, ...tracks, 0x10, 0x06, 0x1a, 0x80], [0xae, 0x80]),
      flood(
        [0, 0, 0, 8, ...ascii("ftyp"), 0, 0x18, 0x6a, 0x08, ...ascii("moov")],
        [0, 0, 0, 8, ...ascii("trak")],
      ),
    ]) {
      const { code, message } = await failure(file);
      expect([code, message]).toEqual(["audio-damaged", expect.stringMatching(/over 256 tracks/)]);
    }
  });
});
