// Hundreds of odd recordings, made here: each container with what writers, editors and cutters leave in and around it. The
// same samples come out as of the plain file, or the kind is refused by name.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type AudioClip, decodeAudio } from "../src/audio/decode-audio.ts";
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
} from "./support/containers.ts";
import { flacFile } from "./support/flac-file.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const read = (path: string) => [...readFileSync(new URL(path, FIXTURES))];
const decode = (bytes: readonly number[]): Promise<AudioClip> => decodeAudio(Uint8Array.from(bytes));

const SAMPLES = (await decode(read("samples/7.wav"))).samples.subarray(0, 3000);
const N_BYTES = 2 * SAMPLES.length;

/** The greatest difference of two clips; infinite where their lengths differ. */
function distance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

const withGain = (gain: number) => pcm16([...SAMPLES].flatMap((sample) => [sample, sample * gain]));

/** One recording in each container that is written here; what comes out is SAMPLES, to the last bit. */
const PLAIN: Record<string, () => number[]> = {
  WAV: () => wavFile(pcm16(SAMPLES)),
  "stereo WAV": () => wavFile(withGain(1), { nChannels: 2 }),
  "WAV with one channel inverted": () => wavFile(withGain(-1), { nChannels: 2 }),
  AIFF: () => aiffFile(pcm16(SAMPLES, be), { nFrames: SAMPLES.length, soundSize: 8 + N_BYTES }),
  CAF: () => cafFile(pcm16(SAMPLES), false),
  MOV: () => movFile(pcm16(SAMPLES)),
  Matroska: () => matroskaFile(pcm16(SAMPLES)),
  "FLAC of 16 bits": () => flacFile(SAMPLES, { bitsPerSample: 16, blockSizes: [1152] }),
  "FLAC of 20 bits": () => flacFile(SAMPLES, { bitsPerSample: 20, blockSizes: [576] }),
  "FLAC of many block sizes": () => flacFile(SAMPLES, { bitsPerSample: 24, blockSizes: [16, 192, 4000] }),
};

/** Coded recordings; what comes out is what comes out of them alone. */
const CODED = [
  "mono-44100.mp3",
  "tagged-stereo.mp3",
  "mono-16000.aac",
  "mono-44100.m4a",
  "fragmented.mp4",
  "mono-44100.ogg",
  "mono-48000.opus",
  "stereo-44100.flac",
  "stereo-48000.webm",
  "live.webm",
];

/** What stands before and behind a recording. */
const AROUND: readonly [string, number[], number[]][] = [
  ["an ID3v2 tag before it", id3v2(40), []],
  ["an ID3v2 tag of odd length before it", id3v2(129), []],
  ["cover art of 20 kB before it", id3v2(20_000), []],
  ["two ID3v2 tags and padding before it", [...id3v2(20), ...id3v2(300), ...new Array(64).fill(0)], []],
  ["an APEv2 tag before it", apev2(), []],
  ["APEv2 and ID3v2 before it", [...apev2(), ...id3v2(20)], []],
  ["an ID3v1 tag behind it", [], id3v1()],
  ["an APEv2 tag behind it", [], apev2()],
  ["APEv2 and ID3v1 behind it", [], [...apev2(), ...id3v1()]],
  ["tags on both sides", id3v2(1000), id3v1()],
];

describe.each(Object.entries(PLAIN))("%s", (_, make) => {
  test.each(AROUND)("with %s", async (_around, before, after) => {
    const { samples, sampleRate } = await decode([...before, ...make(), ...after]);
    expect(sampleRate).toBe(8000);
    expect(distance(samples, SAMPLES)).toBe(0);
  });
});

describe.each(CODED)("%s", (name) => {
  const file = read(`audio/${name}`);
  let plain: AudioClip;
  beforeAll(async () => {
    plain = await decode(file);
  });
  test.each(AROUND)("with %s", async (_around, before, after) => {
    const { samples, sampleRate } = await decode([...before, ...file, ...after]);
    expect(sampleRate).toBe(plain.sampleRate);
    expect(distance(samples, plain.samples)).toBe(0);
  });
});

const combine = <A, B>(as: readonly A[], bs: readonly B[]) =>
  as.flatMap((a) => bs.map((b) => [a, b] as const));

describe("WAV headers that lie", () => {
  const SIZES = [0, 44, N_BYTES - 2, N_BYTES + 1, N_BYTES + 44, 2 * N_BYTES, 0x7fff_ffff, 0xffff_ffff];
  test.each(combine([0, 1, 2, 4, 16], SIZES.slice(2)))(
    "a block size of %i, a data size of %i",
    async (blockAlign, dataSize) => {
      const { samples } = await decode(wavFile(pcm16(SAMPLES), { blockAlign, dataSize }));
      const nThere = Math.min(SAMPLES.length, Math.floor(dataSize / 2));
      expect(distance(samples, SAMPLES.subarray(0, nThere))).toBe(0);
    },
  );

  test.each(combine([0, 1, 4], [0, 0xffff_ffff, N_BYTES + 36]))(
    "a block size of %i, no data size, a RIFF size of %i",
    async (blockAlign, riffSize) => {
      const { samples } = await decode(wavFile(pcm16(SAMPLES), { blockAlign, riffSize, dataSize: 0 }));
      expect(distance(samples, SAMPLES)).toBe(0);
    },
  );

  test.each(combine([0, 1, 2, 8], [N_BYTES * 2, N_BYTES * 2 + 44, 0xffff_ffff]))(
    "stereo with a block size of %i, a data size of %i",
    async (blockAlign, dataSize) => {
      const { samples } = await decode(wavFile(withGain(1), { nChannels: 2, blockAlign, dataSize }));
      expect(distance(samples, SAMPLES)).toBe(0);
    },
  );
});

test.each(combine([0, SAMPLES.length, 0x7fff_ffff, 0xffff_ffff], [0, 8 + N_BYTES, 0x7fff_ffff, 0xffff_ffff]))(
  "AIFF of %i samples in a chunk of %i bytes",
  async (nFrames, soundSize) => {
    const { samples } = await decode(aiffFile(pcm16(SAMPLES, be), { nFrames, soundSize }));
    expect(distance(samples, SAMPLES)).toBe(0);
  },
);

test.each(combine([12, 15, 18, 23, 32], ["one", "many"]))(
  "FLAC of %i bits in blocks of %s size",
  async (bitsPerSample, sizes) => {
    const blockSizes = sizes === "one" ? [480] : [480, 17, 2304];
    const { samples } = await decode(flacFile(SAMPLES, { bitsPerSample, blockSizes }));
    expect(distance(samples, SAMPLES)).toBeLessThanOrEqual(bitsPerSample < 16 ? 2 ** -bitsPerSample : 0);
  },
);

const BOXES = [
  "elst",
  "trun",
  "stsz",
  "stco",
  "co64",
  "stts",
  "stsc",
  "moov",
  "mdat",
  "trak",
  "mdhd",
  "esds",
];
const FIRST = ["wide", "free", "skip", "uuid", "pnot"];

test.each(combine(BOXES, FIRST))("MOV with %s in its title and %s before everything", async (name, first) => {
  const before = box(first, ascii(`${name}moov`), new Array(37).fill(0xff));
  const movie = movFile(pcm16(SAMPLES), { title: `Mittel${name}rasse ${name}\xff\xff\xff\xff`, before });
  expect(distance((await decode(movie)).samples, SAMPLES)).toBe(0);
});

describe("MP3", () => {
  const frames = read("audio/mono-44100.mp3").slice(45);
  const JUNK: Record<string, number[]> = {
    "one zero": [0],
    "64 kB of zeros": new Array(60_000).fill(0),
    text: ascii("no sound at all. ".repeat(50)),
    "half a frame": frames.slice(0, 200),
    "a frame's head": [0xff, 0xfb],
    "heads of frames that none follow": Array.from({ length: 5 }, () => [
      0xff, 0xfb, 0x90, 0x64, 1, 2,
    ]).flat(),
    "a line break": [13, 10],
  };
  test.each(combine(Object.keys(JUNK), ["before it", "behind it", "on both sides"]))(
    "with %s %s",
    async (name, place) => {
      const plain = await decode(frames);
      const [before, after] = [place !== "behind it", place !== "before it"];
      const file = [...(before ? JUNK[name]! : []), ...frames, ...(after ? JUNK[name]! : [])];
      const { samples } = await decode(file);
      expect(distance(samples.subarray(0, plain.samples.length), plain.samples)).toBe(0);
    },
  );
});

const OTHER_STREAMS: Record<string, string> = {
  Skeleton: "fishead\0",
  Theora: "\x80theora\x03\x02\x01",
  "something unknown": "\x01video\0\0\0",
};

test.each(combine(["mono-44100.ogg", "mono-48000.opus"], Object.keys(OTHER_STREAMS)))(
  "%s with %s beside it",
  async (name, other) => {
    const file = read(`audio/${name}`);
    const firstEnd = 27 + file[26]! + file[27]!;
    const begin = oggPage([ascii(OTHER_STREAMS[other]!)], { serial: 77, flags: 2 });
    const goOn = oggPage([[1, 2, 3]], { serial: 77, flags: 4 });
    const mixed = [...begin, ...file.slice(0, firstEnd), ...goOn, ...file.slice(firstEnd)];
    expect(distance((await decode(mixed)).samples, (await decode(file)).samples)).toBe(0);
  },
);
