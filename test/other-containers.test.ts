// Containers of phone systems, workstations and speech corpora, written here with one thing odd about each.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AudioClip, decodeAudio } from "../src/audio/decode-audio.ts";
import { ascii, be, le, pcm16, wavFile } from "./support/containers.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const read = (path: string) => [...readFileSync(new URL(path, FIXTURES))];
const decode = (bytes: readonly number[]): Promise<AudioClip> => decodeAudio(Uint8Array.from(bytes));
const SAMPLES = (await decode(read("samples/7.wav"))).samples.subarray(0, 3000);

/** The greatest difference of two clips; infinite where their lengths differ. */
function distance(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** Samples as bytes of one encoding of AU, with its number. */
type Encoded = { code: number; bytes: number[]; tolerance: number };
type Order = typeof be;

const float = (samples: Float32Array, width: 4 | 8, isLittle: boolean): number[] => {
  const view = new DataView(new ArrayBuffer(samples.length * width));
  samples.forEach((value, i) => {
    if (width === 4) view.setFloat32(i * width, value, isLittle);
    else view.setFloat64(i * width, value, isLittle);
  });
  return [...new Uint8Array(view.buffer)];
};

const whole = (width: number, order: Order) =>
  [...SAMPLES].flatMap((value) => {
    const number = Math.min(2 ** (8 * width - 1) - 1, Math.round(value * 2 ** (8 * width - 1)));
    return order(number < 0 ? number + 2 ** (8 * width) : number, width);
  });

const encodings = (order: Order): Record<string, Encoded> => ({
  "8 bits": { code: 2, bytes: whole(1, order), tolerance: 2 ** -8 },
  "16 bits": { code: 3, bytes: whole(2, order), tolerance: 0 },
  "24 bits": { code: 4, bytes: whole(3, order), tolerance: 0 },
  "32 bits": { code: 5, bytes: whole(4, order), tolerance: 0 },
  float: { code: 6, bytes: float(SAMPLES, 4, order === le), tolerance: 0 },
  double: { code: 7, bytes: float(SAMPLES, 8, order === le), tolerance: 0 },
});

type AuLies = { order?: Order; size?: number; start?: number; nChannels?: number };

const auFile = (
  { code, bytes }: Pick<Encoded, "code" | "bytes">,
  { order = be, size = bytes.length, start = 24, nChannels = 1 }: AuLies = {},
) => [
  ...ascii(order === be ? ".snd" : "dns."),
  ...[start, size, code, 8000, nChannels].flatMap((field) => order(field, 4)),
  ...new Array(Math.max(0, start - 24)).fill(0x20),
  ...bytes,
];

describe("AU", () => {
  const cases = [be, le].flatMap((order) =>
    Object.entries(encodings(order)).map(([name, encoded]) => ({ name, order, encoded })),
  );
  test.each(cases)("$name, either order of bytes", async ({ order, encoded }) => {
    const { samples, sampleRate, note } = await decode(auFile(encoded, { order }));
    expect(sampleRate).toBe(8000);
    expect(note).toBeUndefined();
    expect(distance(samples, SAMPLES)).toBeLessThanOrEqual(encoded.tolerance);
  });

  const plain = encodings(be)["16 bits"]!;
  test.each([0, 0xffff_ffff])("a size left open, %i", async (size) => {
    const { samples, note } = await decode(auFile(plain, { size, start: 48 }));
    expect(note).toBeUndefined();
    expect(distance(samples, SAMPLES)).toBe(0);
  });

  test("a file that is cut says so", async () => {
    const { samples, note } = await decode(auFile(plain, { size: 20_000 }));
    expect(note).toMatch(/promises 20000 bytes/);
    expect(distance(samples, SAMPLES)).toBe(0);
  });

  test.each([
    ["audio-unsupported", auFile({ code: 23, bytes: plain.bytes }), /encoding 23 \(G\.721\)/],
    ["audio-damaged", auFile(plain, { nChannels: 0 }), /0 channels/],
    ["audio-damaged", auFile(plain, { start: 4 }), /header of 4 bytes/],
    ["audio-truncated", auFile(plain).slice(0, 20), /within its header/],
  ])("%s: refused by name", async (code, file, message) => {
    await expect(decode(file)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe("Wave64", () => {
  // The last twelve bytes of all GUIDs but the file's own.
  const guid = (id: string) => [
    ...ascii(id),
    ...[0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0x00, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a],
  ];
  const chunk = (id: string, content: readonly number[], size = 24 + content.length) => [
    ...guid(id),
    ...le(size, 8),
    ...content,
    ...new Array((8 - (content.length % 8)) % 8).fill(0),
  ];
  const RIFF = [
    ...ascii("riff"),
    ...[0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0x00, 0x00],
  ];
  const fmt = wavFile([]).slice(20, 36);
  const file = (...chunks: number[][]) => [...RIFF, ...le(0, 8), ...guid("wave"), ...chunks.flat()];
  const data = pcm16(SAMPLES);

  test.each([24 + data.length, 24, 2 ** 40])("a data size of %i", async (size) => {
    const bytes = file(chunk("fmt ", fmt), chunk("junk", [1, 2, 3]), chunk("data", data, size));
    expect(distance((await decode(bytes)).samples, SAMPLES)).toBe(0);
  });

  test.each([
    ["audio-truncated", file(chunk("fmt ", fmt)), /before its data/],
    ["audio-damaged", file(chunk("data", data)), /without a fmt/],
  ])("%s: refused by name", async (code, bytes, message) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe("SPHERE", () => {
  const file = (fields: Record<string, string>, bytes: readonly number[], head = "   1024\n") => {
    const lines = Object.entries(fields).map(([name, value]) => `${name} ${value}\n`);
    return [...ascii(`NIST_1A\n${head}${lines.join("")}end_head\n`.padEnd(1024, " ")), ...bytes];
  };
  const pcm = {
    channel_count: "-i 1",
    sample_count: `-i ${SAMPLES.length}`,
    sample_rate: "-i 8000",
    sample_n_bytes: "-i 2",
    sample_byte_format: "-s2 01",
    sample_coding: "-s3 pcm",
  };

  test("either order of bytes", async () => {
    const big = { ...pcm, sample_byte_format: "-s2 10" };
    expect(distance((await decode(file(pcm, pcm16(SAMPLES)))).samples, SAMPLES)).toBe(0);
    expect(distance((await decode(file(big, pcm16(SAMPLES, be)))).samples, SAMPLES)).toBe(0);
  });

  test("mu-law, as the telephone corpora have it", async () => {
    const law = { ...pcm, sample_n_bytes: "-i 1", sample_coding: "-s4 ulaw" };
    const codes = Array.from({ length: SAMPLES.length }, (_, i) => (37 * i) % 256);
    const { samples } = await decode(file(law, codes));
    expect(distance(samples, (await decode(auFile({ code: 1, bytes: codes }))).samples)).toBe(0);
  });

  test("a file that is cut says so", async () => {
    const { samples, note } = await decode(file({ ...pcm, sample_count: "-i 9000" }, pcm16(SAMPLES)));
    expect(note).toMatch(/promises 18000 bytes/);
    expect(distance(samples, SAMPLES)).toBe(0);
  });

  const shorten = { ...pcm, sample_coding: "-s26 pcm,embedded-shorten-v2.00" };
  test.each([
    ["audio-unsupported", file(shorten, [1, 2]), /"pcm,embedded-shorten-v2\.00"/],
    ["audio-damaged", file({ ...pcm, channel_count: "-i 0" }, [1, 2]), /0 channels/],
    ["audio-damaged", file(pcm, [], "   none\n"), /its length/],
    ["audio-truncated", file(pcm, []).slice(0, 500), /within its header/],
  ])("%s: refused by name", async (code, bytes, message) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

test("MP3 in WAV sounds as it does alone", async () => {
  const mp3 = read("audio/mono-44100.mp3");
  const wav = wavFile(mp3);
  wav[20] = 0x55;
  expect(distance((await decode(wav)).samples, (await decode(mp3)).samples)).toBe(0);
});

describe("AAC of the profile Main", () => {
  /** Frames of one channel whose first and only window begins with these bits behind its global gain. */
  const frames = (profile: number, isPredicted: boolean) => {
    // An element, its tag, a gain of 100; one long window, no bands; whether it is predicted; nothing more.
    const bits = `000${"0000"}${"01100100"}0000${"000000"}${isPredicted ? 1 : 0}${"000"}111`.padEnd(64, "0");
    const packet = Array.from({ length: 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
    const size = 7 + packet.length;
    const head = [0xff, 0xf1, (profile << 6) | (8 << 2), (1 << 6) | (size >> 11), size >> 3];
    const frame = [...head, ((size & 7) << 5) | 0x1f, 0xfc, ...packet];
    return Array.from({ length: 6 }, () => frame).flat();
  };

  test("is decoded where nothing is predicted", async () => {
    expect((await decode(frames(0, false))).samples.every((value) => value === 0)).toBe(true);
  });

  test("is refused by name where packets build on those before", async () => {
    await expect(decode(frames(0, true))).rejects.toMatchObject({
      code: "audio-unsupported",
      message: expect.stringMatching(/prediction \(profiles Main and LTP\)/),
    });
  });

  test("in the profile LC such a packet is damaged", async () => {
    await expect(decode(frames(1, true))).rejects.toMatchObject({ code: "audio-damaged" });
  });
});

describe("what is known and not decoded is refused by its name", () => {
  test.each([
    ["\x02#!SILK_V3", /SILK/],
    ["#!SILK_V3", /SILK/],
    ["RIFF\x10\0\0\0QLCMfmt ", /QCELP/],
    ["#!EVRC\n", /EVRC/],
    ["\x02dss", /DSS/],
    ["\x03ds2", /DS2/],
    ["MS_VOICE", /Sony/],
    ["FORM\0\0\0\x208SVXVHDR", /8SVX/],
    ["MMMD\0\0\0\x20", /MMF/],
    ["\0\0\0\0\xf8\x72\x6f\xba", /TrueHD/],
    ["\x72\xf8\x1f\x4e", /S\/PDIF/],
  ])("%j", async (head, name) => {
    const bytes = [...ascii(head), ...Array.from({ length: 200 }, (_, i) => (i * 91) % 251)];
    await expect(decode(bytes)).rejects.toMatchObject({
      code: "audio-unsupported",
      message: expect.stringMatching(name),
    });
  });
});
