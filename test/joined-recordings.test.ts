// Recordings that were joined, and headers that speak of a part alone: all that is there is heard.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AudioClip, decodeAudio } from "../src/audio/decode-audio.ts";
import { aiffFile, ascii, be, le, oggPage } from "./support/containers.ts";

const read = (name: string) => [...readFileSync(new URL(`../fixtures/audio/${name}`, import.meta.url))];
const decode = (bytes: readonly number[]): Promise<AudioClip> => decodeAudio(Uint8Array.from(bytes));

const OGG = read("mono-44100.ogg");
const OPUS = read("mono-48000.opus");
const MP3 = read("mono-44100.mp3");
const ADTS = read("mono-16000.aac");

describe("files joined end to end", () => {
  test.each([
    ["Vorbis", OGG],
    ["Opus", OPUS],
    ["FLAC", read("mono-8000.flac")],
    ["FLAC in stereo", read("stereo-44100.flac")],
  ])("of %s are heard one after another", async (_name, file) => {
    const { samples } = await decode(file);
    const joined = await decode([...file, ...file, ...file]);
    expect(joined.samples).toEqual(Float32Array.of(...samples, ...samples, ...samples));
    expect(joined.note).toBeUndefined();
  });

  test("of MP3 are heard, whatever the first says of its length", async () => {
    const [one, two] = [await decode(MP3), await decode([...MP3, ...MP3])];
    expect(two.samples.length).toBeGreaterThan(2 * one.samples.length);
    // The encoder's padding at its end is heard, as silence.
    expect(two.samples.subarray(0, one.samples.length)).toEqual(one.samples);
  });

  test("of different codecs and rates come at the rate of the first", async () => {
    const [vorbis, opus] = [await decode(OGG), await decode(OPUS)];
    const { samples, sampleRate } = await decode([...OGG, ...OPUS]);
    expect(sampleRate).toBe(vorbis.sampleRate);
    const seconds = vorbis.samples.length / 44_100 + opus.samples.length / 48_000;
    expect(samples.length / sampleRate).toBeCloseTo(seconds, 3);
  });

  test("are heard up to what cannot be read", async () => {
    const speex = oggPage([ascii("Speex   1.2")], { serial: 9, flags: 6 });
    expect((await decode([...OGG, ...speex])).samples).toEqual((await decode(OGG)).samples);
  });

  test("count together for the limits", async () => {
    const joined = Uint8Array.from([...OPUS, ...OPUS, ...OPUS]);
    await expect(decodeAudio(joined, { maxDurationMs: 1500 })).rejects.toMatchObject({
      code: "audio-too-long",
    });
  });
});

test.each([
  ["Vorbis", OGG],
  ["Opus", OPUS],
])("a stream of %s whose every page says that it is the last is heard to its end", async (_name, file) => {
  const marked = file.slice();
  const pages = [...String.fromCharCode(...file).matchAll(/OggS/g)].map(({ index }) => index + 5);
  for (const flags of pages) marked[flags]! |= 4;
  const { samples } = await decode(file);
  expect((await decode(marked)).samples).toEqual(samples);
  expect((await decode([...marked, ...marked])).samples).toEqual(Float32Array.of(...samples, ...samples));
});

test("an MP3 whose first frame counts too few is heard to its end", async () => {
  const lying = MP3.slice();
  const at = String.fromCharCode(...MP3).search(/Xing|Info/) + 8;
  lying.splice(at, 4, ...be(3, 4));
  const { samples } = await decode(MP3);
  expect((await decode(lying)).samples.subarray(0, samples.length)).toEqual(samples);
});

test("AAC frames whose header leaves the channels to the first packet are heard", async () => {
  // A program_config_element of one channel: 3 bits that name it, 7 fields, no comment.
  const bits = `101${"0000"}01${"1000"}0001${"0000"}0000${"00"}000${"0000"}000${"0"}0000`;
  const program = bits
    .padEnd(56, "0")
    .match(/.{8}/g)!
    .map((byte) => Number.parseInt(byte, 2));
  const file = ADTS.map((byte) => byte);
  for (let at = 0; at < file.length; ) {
    const length = ((file[at + 3]! & 3) << 11) | (file[at + 4]! << 3) | (file[at + 5]! >> 5);
    file[at + 2]! &= 0xfe;
    file[at + 3]! &= 0x3f;
    at += length;
  }
  const first = (((file[3]! & 3) << 11) | (file[4]! << 3) | (file[5]! >> 5)) + program.length;
  file.splice(
    3,
    3,
    (file[3]! & 0xfc) | (first >> 11),
    (first >> 3) & 255,
    ((first & 7) << 5) | (file[5]! & 31),
  );
  file.splice(7, 0, ...program);
  expect((await decode(file)).samples).toEqual((await decode(ADTS)).samples);
});

test("MP3 of a free bit rate is refused as that", async () => {
  // Constant frames of 64 kbit/s at 48 kHz, whose bit rate no longer stands in their headers.
  const frame = [0xff, 0xfb, 0x04, 0xc4, ...new Array(188).fill(0)];
  await expect(decode(new Array(10).fill(frame).flat())).rejects.toMatchObject({
    code: "audio-unsupported",
    message: expect.stringContaining("MP3 of a free bit rate"),
  });
});

test("an Ogg stream that was cut out of another is heard whole", async () => {
  const { samples } = await decode(OPUS);
  const pages = inTwoPages(OPUS);
  expect((await decode(pages)).samples).toEqual(samples);
  // Times that begin before 0 end too early, those of a stream that was recorded from its middle too late.
  for (const shift of [-20_000, 48_000 * 3600])
    expect((await decode(shiftTimes(pages, shift))).samples).toEqual(samples);
});

/** Divides the last page of a file whose packets last 20 ms each and have fewer than 255 bytes. */
function inTwoPages(file: readonly number[]): number[] {
  const start = String.fromCharCode(...file).lastIndexOf("OggS");
  const head = file.slice(start, start + 26);
  const lacing = file.slice(start + 27, start + 27 + file[start + 26]!);
  const body = file.slice(start + 27 + lacing.length);
  const first = lacing.slice(0, 10);
  const length = first.reduce((sum, size) => sum + size, 0);
  const firstHead = [...head.slice(0, 5), 0, ...le(10 * 960, 8), ...head.slice(14)];
  return [
    ...file.slice(0, start),
    ...[...firstHead, first.length, ...first, ...body.slice(0, length)],
    ...[...head, lacing.length - first.length, ...lacing.slice(10), ...body.slice(length)],
  ];
}

/** Adds samples to the times of all pages but the two of the headers. */
function shiftTimes(file: readonly number[], nSamples: number): number[] {
  const bytes = Uint8Array.from(file);
  const view = new DataView(bytes.buffer);
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const lacing = bytes.subarray(at + 27, at + 27 + bytes[at + 26]!);
    if (n > 1) view.setBigInt64(at + 6, view.getBigInt64(at + 6, true) + BigInt(nSamples), true);
    at += 27 + lacing.length + lacing.reduce((sum, length) => sum + length, 0);
  }
  return [...bytes];
}

test.each([
  ["ajkg\x02", "Shorten"],
  ["tBaK", "TAK"],
  ["OFR ", "OptimFROG"],
  ["MP+\x07", "Musepack"],
  ["FRM8\0\0\0\0\0\0\x10\0DSD ", "DSDIFF"],
  ["#!iLBC30\n", "iLBC"],
])("%j is refused as %s", async (head, name) => {
  await expect(decode([...ascii(head), ...new Array(500).fill(77)])).rejects.toMatchObject({
    code: "audio-unsupported",
    message: expect.stringContaining(name),
  });
});

test("a picture of a phone is called one, and no film that is cut short", async () => {
  const picture = [...be(24, 4), ...ascii("ftypheic"), ...new Array(500).fill(0)];
  await expect(decode(picture)).rejects.toMatchObject({
    code: "audio-unrecognised",
    message: expect.stringContaining("a HEIC or AVIF picture"),
  });
});

test("no control character of a header gets into a message", async () => {
  const file = aiffFile([0, 0], { nFrames: 1, soundSize: 10 });
  const at = String.fromCharCode(...file).indexOf("COMM") + 4;
  file.splice(at, 4, ...be(24, 4));
  file.splice(at + 22, 0, 0x1b, 0x5b, 0x32, 0x4a, 0, 0);
  file.splice(8, 4, ...ascii("AIFC"));
  await expect(decode(file)).rejects.toMatchObject({ message: expect.stringContaining('"?[2J"') });
});
