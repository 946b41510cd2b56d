import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeWav } from "./decode-wav.ts";
import { encodeWav } from "./encode-wav.ts";

const LIMIT = { maxDurationMs: 600_000 };

type WavFields = {
  tag?: number;
  nChannels?: number;
  sampleRate?: number;
  bits?: number;
  blockAlign?: number;
  fmtTail?: number[];
  data?: number[];
  dataSize?: number;
  riffSize?: number;
  before?: number[];
  after?: number[];
};

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const le16 = (value: number) => [value & 255, (value >> 8) & 255];
const le32 = (value: number) => [...le16(value), ...le16(value >>> 16)];

function buildWav(fields: WavFields): Uint8Array {
  const { tag = 1, nChannels = 1, sampleRate = 8000, bits = 16, data = [0, 64, 0, 192] } = fields;
  const { blockAlign = (nChannels * bits) / 8, fmtTail = [], before = [], after = [] } = fields;
  const fmt = [...le16(tag), ...le16(nChannels), ...le32(sampleRate), ...le32(sampleRate * blockAlign)];
  fmt.push(...le16(blockAlign), ...le16(bits), ...fmtTail);
  const body = [...ascii("WAVEfmt "), ...le32(fmt.length), ...fmt, ...before, ...ascii("data")];
  body.push(...le32(fields.dataSize ?? data.length), ...data, ...after);
  return Uint8Array.from([...ascii("RIFF"), ...le32(fields.riffSize ?? body.length), ...body]);
}

const samplesOf = (fields: WavFields) => [...decodeWav(buildWav(fields), LIMIT).samples];
const floatBytes = (values: number[]) => [...new Uint8Array(Float32Array.from(values).buffer)];
const doubleBytes = (values: number[]) => [...new Uint8Array(Float64Array.from(values).buffer)];
// cbSize, valid bits, channel mask, then the GUID that begins with the codec number.
const extension = (codec: number, validBits: number) => [
  ...le16(22),
  ...le16(validBits),
  ...le32(4),
  ...le16(codec),
  ...[0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113],
];

describe("sample formats", () => {
  test.each<[string, WavFields, number[]]>([
    ["8-bit, unsigned", { bits: 8, data: [0, 128, 192, 255] }, [-1, 0, 0.5, 127 / 128]],
    ["16-bit", { data: [0, 128, 255, 127, 0, 64] }, [-1, 32767 / 32768, 0.5]],
    [
      "24-bit",
      { bits: 24, data: [0, 0, 128, 255, 255, 127, 255, 255, 255] },
      [-1, 1 - 2 ** -23, -(2 ** -23)],
    ],
    ["32-bit", { bits: 32, data: [0, 0, 0, 128, 0, 0, 0, 32] }, [-1, 0.25]],
    ["32-bit float", { tag: 3, bits: 32, data: floatBytes([0.5, -1.5]) }, [0.5, -1.5]],
    ["64-bit float", { tag: 3, bits: 64, data: doubleBytes([0.25, -1]) }, [0.25, -1]],
    ["24 bits in 32, left-justified", { bits: 24, blockAlign: 4, data: [0, 0, 0, 64] }, [0.5]],
    ["12 bits in 16, left-justified", { bits: 12, blockAlign: 2, data: [0, 64] }, [0.5]],
    ["extensible PCM", { tag: 0xfffe, fmtTail: extension(1, 16), data: [0, 64] }, [0.5]],
    [
      "extensible float",
      { tag: 0xfffe, bits: 32, fmtTail: extension(3, 32), data: floatBytes([0.5]) },
      [0.5],
    ],
  ])("reads %s", (_, fields, expected) => {
    expect(samplesOf(fields)).toEqual(expected.map(Math.fround));
  });

  // ITU-T G.711, tables 1a to 2b: the largest and the smallest values of either sign, on a 16-bit scale.
  test("expands A-law and mu-law as G.711 does", () => {
    const aLaw = samplesOf({ tag: 6, bits: 8, data: [0xd5, 0x55, 0xaa, 0x2a, 0x80] });
    expect(aLaw.map((sample) => sample * 32768)).toEqual([8, -8, 32256, -32256, 5504]);
    const muLaw = samplesOf({ tag: 7, bits: 8, data: [0xff, 0x7f, 0x80, 0x00, 0xf0] });
    expect(muLaw.map((sample) => sample * 32768)).toEqual([0, 0, 32124, -32124, 120]);
  });

  test("mixes channels to their mean", () => {
    expect(samplesOf({ nChannels: 2, data: [0, 64, 0, 0, 0, 64, 0, 192] })).toEqual([0.25, 0]);
    expect(samplesOf({ nChannels: 3, bits: 8, data: [192, 192, 128] })[0]).toBeCloseTo(1 / 3, 6);
  });

  test("reads big-endian RIFX", () => {
    const wav = buildWav({});
    const swap = (start: number, length: number) => wav.subarray(start, start + length).reverse();
    wav.set(ascii("RIFX"));
    for (const [start, length] of [
      [4, 4],
      [16, 4],
      [20, 2],
      [22, 2],
      [24, 4],
      [28, 4],
      [32, 2],
      [34, 2],
      [40, 4],
      [44, 2],
      [46, 2],
    ] as const) {
      swap(start, length);
    }
    expect([...decodeWav(wav, LIMIT).samples]).toEqual([0.5, -0.5]);
  });

  test("reads RF64 with its sizes in the ds64 chunk", () => {
    const ds64 = [
      ...ascii("ds64"),
      ...le32(28),
      ...le32(0),
      ...le32(0),
      ...le32(4),
      ...le32(0),
      ...le32(2),
      ...le32(0),
      ...le32(0),
    ];
    const wav = buildWav({
      before: ds64,
      dataSize: 0xffff_ffff,
      riffSize: 0xffff_ffff,
      after: ascii("LIST"),
    });
    wav.set(ascii("RF64"));
    expect([...decodeWav(wav, LIMIT).samples]).toEqual([0.5, -0.5]);
  });
});

describe("chunks", () => {
  test("skips other chunks before and after the samples", () => {
    const list = [...ascii("LIST"), ...le32(4), ...ascii("INFO")];
    expect(samplesOf({ before: list, after: list })).toEqual([0.5, -0.5]);
  });

  test("skips the pad byte after a chunk of odd size, and does without one that was forgotten", () => {
    const odd = [...ascii("junk"), ...le32(3), 1, 2, 3];
    expect(samplesOf({ before: [...odd, 0] })).toEqual([0.5, -0.5]);
    expect(samplesOf({ before: odd })).toEqual([0.5, -0.5]);
  });

  test.each([0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x7fff_f024])(
    "reads to the end of the file where a pipe left the data size at %i",
    (dataSize) => {
      expect(samplesOf({ dataSize, riffSize: 0xffff_ffff })).toEqual([0.5, -0.5]);
    },
  );

  test("reads to the end of the file where the sizes were never filled in", () => {
    expect(samplesOf({ dataSize: 0, riffSize: 36 })).toEqual([0.5, -0.5]);
    expect(samplesOf({ dataSize: 0, riffSize: 0 })).toEqual([0.5, -0.5]);
  });

  test("takes a data size of 0 at its word where other chunks follow", () => {
    expect(samplesOf({ data: [], after: [...ascii("LIST"), ...le32(0)] })).toEqual([]);
  });

  test("leaves out a rest shorter than a sample", () => {
    expect(samplesOf({ data: [0, 64, 0] })).toEqual([0.5]);
  });

  test("reads a view that does not begin at its buffer's start", () => {
    const wav = encodeWav(Float32Array.of(0.5, -0.5), { sampleRate: 8000 });
    const shifted = new Uint8Array(wav.length + 3);
    shifted.set(wav, 3);
    expect([...decodeWav(shifted.subarray(3), LIMIT).samples]).toEqual([0.5, -0.5]);
  });
});

describe("bad files", () => {
  const failure = (fields: WavFields) => expect(() => decodeWav(buildWav(fields), LIMIT));

  test("names the codec it does not support", () => {
    failure({ tag: 0x55, bits: 0 }).toThrow(/0x0055 \(MP3 in WAV\)/);
    failure({ tag: 0xfffe, bits: 0, fmtTail: extension(0x11, 4) }).toThrow(/0x0011 \(IMA ADPCM\)/);
    failure({ tag: 0x1234 }).toThrow(expect.objectContaining({ code: "audio-unsupported" }));
  });

  test("rejects a data chunk longer than the file", () => {
    failure({ dataSize: 6 }).toThrow(
      expect.objectContaining({
        code: "audio-truncated",
        message: expect.stringMatching(/promises 6 bytes.*holds 4/),
      }),
    );
  });

  test("rejects a file that ends before its data chunk as truncated", () => {
    const wav = buildWav({});
    for (let length = 12; length < 44; length++) {
      expect(() => decodeWav(wav.subarray(0, length), LIMIT)).toThrow(
        expect.objectContaining({ code: "audio-truncated" }),
      );
    }
  });

  test.each<[string, WavFields]>([
    ["no channels", { nChannels: 0 }],
    ["a sample rate of 0", { sampleRate: 0 }],
    ["a sample rate beyond any converter", { sampleRate: 4_000_000_000 }],
    ["blocks that do not fit the channels", { blockAlign: 5 }],
    ["more bits than the block holds", { bits: 24, blockAlign: 2 }],
    ["16-bit floats", { tag: 3, bits: 16 }],
  ])("rejects %s as damaged", (_, fields) => {
    failure(fields).toThrow(expect.objectContaining({ code: "audio-damaged" }));
  });

  test("rejects a header of more than the limit before it looks for the samples", () => {
    const wav = buildWav({ dataSize: 16_000 });
    expect(() => decodeWav(wav, { maxDurationMs: 999 })).toThrow(
      expect.objectContaining({ code: "audio-too-long" }),
    );
    expect(() => decodeWav(wav, { maxDurationMs: 1000 })).toThrow(
      expect.objectContaining({ code: "audio-truncated" }),
    );
  });
});

test("what ffmpeg wrote as 24-bit, 32-bit and float is the 16-bit original to the bit", () => {
  const decode = (name: string) =>
    decodeWav(readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url)), LIMIT);
  const { samples } = decode("pcm-16.wav");
  for (const name of [
    "pcm-24.wav",
    "pcm-32.wav",
    "float-32.wav",
    "six-channels-extensible.wav",
    "tagged.wav",
  ]) {
    expect(decode(name).samples).toEqual(samples);
  }
});
