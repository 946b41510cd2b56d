// Recordings that are a little odd: each kind is made from all bundled samples.

import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import {
  aiffFile,
  apev2,
  ascii,
  be,
  box,
  cafFile,
  id3v1,
  id3v2,
  matroskaFile,
  movFile,
  oggPage,
  pcm16,
  wavFile,
} from "../../test/support/containers.ts";
import { flacFile } from "../../test/support/flac-file.ts";
import { type AudioClip, decodeAudio } from "./decode-audio.ts";

const read = (path: string) => [...readFileSync(new URL(`../../fixtures/${path}`, import.meta.url))];
const decode = (bytes: readonly number[]): Promise<AudioClip> => decodeAudio(Uint8Array.from(bytes));

// `toEqual` takes seconds for as many numbers.
const isEqual = (a: Float32Array, b: Float32Array) =>
  a.length === b.length && a.every((value, i) => value === b[i]);

const SAMPLES = await Promise.all(
  Array.from({ length: 10 }, async (_, digit) => (await decode(read(`samples/${digit}.wav`))).samples),
);
const stereo = (samples: Float32Array, gain: number) =>
  pcm16([...samples].flatMap((sample) => [sample, sample * gain]));

const KINDS: Record<string, (samples: Float32Array) => number[]> = {
  "WAV, block size 0": (samples) => wavFile(pcm16(samples), { blockAlign: 0 }),
  "WAV, block size 1": (samples) => wavFile(pcm16(samples), { blockAlign: 1 }),
  "WAV, block size of stereo": (samples) => wavFile(pcm16(samples), { blockAlign: 4 }),
  "WAV, stereo with the block size of mono": (samples) =>
    wavFile(stereo(samples, 1), { nChannels: 2, blockAlign: 2 }),
  "WAV, 44 bytes too many": (samples) => wavFile(pcm16(samples), { dataSize: 2 * samples.length + 44 }),
  "WAV, twice too many": (samples) => wavFile(pcm16(samples), { dataSize: 4 * samples.length }),
  "WAV, a data size of 0": (samples) => wavFile(pcm16(samples), { dataSize: 0 }),
  "WAV, all sizes 0": (samples) => wavFile(pcm16(samples), { dataSize: 0, riffSize: 0 }),
  "WAV behind an ID3v2 tag": (samples) => [...id3v2(300), ...wavFile(pcm16(samples))],
  "WAV behind cover art": (samples) => [...id3v2(5000), ...wavFile(pcm16(samples))],
  "WAV before ID3v1 and APEv2 tags": (samples) => [...wavFile(pcm16(samples)), ...apev2(), ...id3v1()],
  "WAV, one channel inverted": (samples) => wavFile(stereo(samples, -1), { nChannels: 2 }),
  "WAV, one channel inverted and softer": (samples) => wavFile(stereo(samples, -0.75), { nChannels: 2 }),
  "AIFF from a pipe": (samples) => aiffFile(pcm16(samples, be), { nFrames: 0, soundSize: 0 }),
  "AIFF from a pipe, sizes of 2^31": (samples) =>
    aiffFile(pcm16(samples, be), { nFrames: 0x7fff_ffff, soundSize: 0x7fff_ffff }),
  "AIFF behind a tag": (samples) => [
    ...id3v2(77),
    ...aiffFile(pcm16(samples, be), { nFrames: samples.length, soundSize: 8 + 2 * samples.length }),
  ],
  CAF: (samples) => cafFile(pcm16(samples), false),
  "CAF of open size": (samples) => cafFile(pcm16(samples), true),
  "MOV that begins with its samples": (samples) => movFile(pcm16(samples)),
  "MOV that begins with wide": (samples) => movFile(pcm16(samples), { before: box("wide") }),
  "MOV that begins with free": (samples) =>
    movFile(pcm16(samples), { before: box("free", new Array(100).fill(0)) }),
  "MOV that begins with skip": (samples) => movFile(pcm16(samples), { before: box("skip", ascii("moov")) }),
  "MOV behind a tag": (samples) => {
    const tag = id3v2(64);
    return [...tag, ...movFile(pcm16(samples), { title: "eight" })];
  },
  "MOV whose title holds names of boxes": (samples) =>
    movFile(pcm16(samples), { title: "Mittelstrasse stsz stco trun stts stsc elst \xff\xff\xff\xff" }),
  "MOV before a tag": (samples) => [...movFile(pcm16(samples)), ...id3v1()],
  Matroska: (samples) => matroskaFile(pcm16(samples)),
  "Matroska of open size": (samples) => matroskaFile(pcm16(samples), { isOpen: true }),
  "Matroska, laced as Xiph does": (samples) => matroskaFile(pcm16(samples), { lacing: 1 }),
  "Matroska, laced in equal parts": (samples) => matroskaFile(pcm16(samples), { lacing: 2 }),
  "Matroska, laced by differences": (samples) => matroskaFile(pcm16(samples), { lacing: 3 }),
  "FLAC of 20 bits": (samples) => flacFile(samples, { bitsPerSample: 20, blockSizes: [1152] }),
  "FLAC of 32 bits": (samples) => flacFile(samples, { bitsPerSample: 32, blockSizes: [4096] }),
  "FLAC of variable block size": (samples) =>
    flacFile(samples, { bitsPerSample: 16, blockSizes: [16, 576, 1000] }),
  "FLAC before ID3v1 and APEv2 tags": (samples) => [
    ...flacFile(samples, { bitsPerSample: 16, blockSizes: [1024] }),
    ...apev2(),
    ...id3v1(),
  ],
};

describe("comes out as it went in", () => {
  test.each(Object.entries(KINDS))("%s", async (_, make) => {
    for (const [digit, samples] of SAMPLES.entries()) {
      const clip = await decode(make(samples));
      expect(clip.sampleRate).toBe(8000);
      expect(isEqual(clip.samples, samples), `sample ${digit}`).toBe(true);
    }
  });

  test.each([12, 15])("FLAC of %i bits, but for the bits that are lost", async (bitsPerSample) => {
    for (const samples of SAMPLES) {
      const clip = await decode(flacFile(samples, { bitsPerSample, blockSizes: [500] }));
      expect(clip.samples).toHaveLength(samples.length);
      const error = samples.reduce(
        (worst, sample, i) => Math.max(worst, Math.abs(sample - clip.samples[i]!)),
        0,
      );
      expect(error).toBeLessThanOrEqual(2 ** -bitsPerSample);
    }
  });
});

const CODED = [
  "mono-44100.mp3",
  "tagged-stereo.mp3",
  "mono-16000.aac",
  "mono-44100.m4a",
  "mono-44100.ogg",
  "mono-48000.opus",
  "mono-8000.flac",
];

describe.each(CODED)("tags around %s change nothing", (name) => {
  test.each<[string, number[], number[]]>([
    ["ID3v2 before it", id3v2(40), []],
    ["ID3v2 with cover art before it", id3v2(3000), []],
    ["two ID3v2 tags and padding before it", [...id3v2(20), ...id3v2(20), ...new Array(64).fill(0)], []],
    ["APEv2 before it", apev2(), []],
    ["ID3v1 behind it", [], id3v1()],
    ["APEv2 and ID3v1 behind it", [], [...apev2(), ...id3v1()]],
  ])("%s", async (_, before, after) => {
    const plain = await decode(read(`audio/${name}`));
    const tagged = await decode([...before, ...read(`audio/${name}`), ...after]);
    expect(isEqual(tagged.samples, plain.samples)).toBe(true);
  });
});

describe("MP3", () => {
  const untagged = () => read("audio/mono-44100.mp3").slice(45);

  test("zeros, junk, or half a frame before the first frame", async () => {
    const plain = await decode(untagged());
    const frame = untagged().slice(0, 100);
    for (const junk of [
      new Array(10).fill(0),
      new Array(4000).fill(0),
      ascii("junk".repeat(99)),
      frame,
      [0xff, 0xfb],
    ]) {
      expect(isEqual((await decode([...junk, ...untagged()])).samples, plain.samples)).toBe(true);
    }
  });

  test("whose rate changes keeps that of its beginning", async () => {
    const first = await decode(untagged());
    const second = await decode(read("audio/tagged-stereo.mp3"));
    const joined = await decode([...untagged(), ...read("audio/tagged-stereo.mp3").slice(200)]);
    expect(joined.sampleRate).toBe(44_100);
    const expected = first.samples.length / 44_100 + second.samples.length / 22_050;
    expect(joined.samples.length / 44_100).toBeCloseTo(expected, 0);
  });

  test("bytes that only begin like a frame are none", async () => {
    const bytes = Array.from({ length: 5000 }, (_, i) => (i * 7919 + 13 * (i >> 3)) & 0xff);
    bytes.splice(0, 4, 0xff, 0xfb, 0x90, 0x64);
    await expect(decode(bytes)).rejects.toMatchObject({ code: "audio-unrecognised" });
  });
});

test("an Ogg file with Skeleton and Theora beside its sound", async () => {
  const vorbis = read("audio/mono-44100.ogg");
  const plain = await decode(vorbis);
  const firstEnd = 27 + vorbis[26]! + vorbis[27]!;
  const skeleton = oggPage([ascii("fishead\0")], { serial: 77, flags: 2 });
  const theora = oggPage([ascii("\x80theora\x03\x02\x01")], { serial: 78, flags: 2 });
  const others = [
    ...oggPage([ascii("fisbone\0")], { serial: 77, flags: 4 }),
    ...oggPage([[1, 2, 3]], { serial: 78, flags: 0 }),
  ];
  const mixed = [...skeleton, ...theora, ...vorbis.slice(0, firstEnd), ...others, ...vorbis.slice(firstEnd)];
  expect(isEqual((await decode(mixed)).samples, plain.samples)).toBe(true);
});

test("no decoder prints", async () => {
  const spies = (["error", "warn", "log", "info"] as const).map((method) => vi.spyOn(console, method));
  for (const name of CODED) {
    const bytes = read(`audio/${name}`);
    for (let i = 300; i < bytes.length; i += 40) bytes[i] = 0x55;
    await decode(bytes).catch(() => undefined);
  }
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
