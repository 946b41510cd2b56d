import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeAudio } from "../decode-audio.ts";
import { encodeWav } from "../encode-wav.ts";

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

const samplesOf = async (fields: WavFields) => [...(await decodeAudio(buildWav(fields))).samples];
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
  ])("reads %s", async (_, fields, expected) => {
    expect(await samplesOf(fields)).toEqual(expected.map(Math.fround));
  });

  // ITU-T G.711, tables 1a to 2b: the largest and the smallest values of either sign, on a 16-bit scale.
  test("expands A-law and mu-law as G.711 does", async () => {
    const aLaw = await samplesOf({ tag: 6, bits: 8, data: [0xd5, 0x55, 0xaa, 0x2a, 0x80] });
    expect(aLaw.map((sample) => sample * 32768)).toEqual([8, -8, 32256, -32256, 5504]);
    const muLaw = await samplesOf({ tag: 7, bits: 8, data: [0xff, 0x7f, 0x80, 0x00, 0xf0] });
    expect(muLaw.map((sample) => sample * 32768)).toEqual([0, 0, 32124, -32124, 120]);
  });

  test("mixes channels to their mean", async () => {
    expect(await samplesOf({ nChannels: 2, data: [0, 64, 0, 0, 0, 64, 0, 192] })).toEqual([0.25, 0]);
    expect((await samplesOf({ nChannels: 3, bits: 8, data: [192, 192, 128] }))[0]).toBeCloseTo(1 / 3, 6);
  });

  test("reads big-endian RIFX", async () => {
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
    expect([...(await decodeAudio(wav)).samples]).toEqual([0.5, -0.5]);
  });

  test("reads RF64 with its sizes in the ds64 chunk", async () => {
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
    expect([...(await decodeAudio(wav)).samples]).toEqual([0.5, -0.5]);
  });
});

describe("chunks", () => {
  test("skips other chunks before and after the samples", async () => {
    const list = [...ascii("LIST"), ...le32(4), ...ascii("INFO")];
    expect(await samplesOf({ before: list, after: list })).toEqual([0.5, -0.5]);
  });

  test("skips the pad byte after a chunk of odd size, and does without one that was forgotten", async () => {
    const odd = [...ascii("junk"), ...le32(3), 1, 2, 3];
    expect(await samplesOf({ before: [...odd, 0] })).toEqual([0.5, -0.5]);
    expect(await samplesOf({ before: odd })).toEqual([0.5, -0.5]);
  });

  test.each([0xffff_ffff, 0x7fff_ffff, 0x8000_0000, 0x7fff_f024])(
    "reads to the end of the file where a pipe left the data size at %i",
    async (dataSize) => {
      expect(await samplesOf({ dataSize, riffSize: 0xffff_ffff })).toEqual([0.5, -0.5]);
    },
  );

  test("reads to the end of the file where the sizes were never filled in", async () => {
    expect(await samplesOf({ dataSize: 0, riffSize: 36 })).toEqual([0.5, -0.5]);
    expect(await samplesOf({ dataSize: 0, riffSize: 0 })).toEqual([0.5, -0.5]);
  });

  test("takes a data size of 0 at its word where other chunks follow", async () => {
    const empty = decodeAudio(
      buildWav({ data: [], after: [...ascii("LIST"), ...le32(4), ...ascii("INFO")] }),
    );
    await expect(empty).rejects.toMatchObject({ code: "audio-no-samples" });
  });

  test("leaves out a rest shorter than a sample", async () => {
    expect(await samplesOf({ data: [0, 64, 0] })).toEqual([0.5]);
  });

  test("reads a view that does not begin at its buffer's start", async () => {
    const wav = encodeWav(Float32Array.of(0.5, -0.5), { sampleRate: 8000 });
    const shifted = new Uint8Array(wav.length + 3);
    shifted.set(wav, 3);
    expect([...(await decodeAudio(shifted.subarray(3))).samples]).toEqual([0.5, -0.5]);
  });
});

describe("headers that lie", () => {
  // Mono of 16 bits, whatever the block size says; stereo with the block size of mono.
  test.each([0, 1, 3, 4, 5, 8, 65_535])("block size %i", async (blockAlign) => {
    expect(await samplesOf({ blockAlign })).toEqual([0.5, -0.5]);
    expect(await samplesOf({ blockAlign, nChannels: 2, data: [0, 64, 0, 32] })).toEqual([0.375]);
    expect(await samplesOf({ blockAlign, bits: 8, data: [192] })).toEqual([0.5]);
    expect(await samplesOf({ blockAlign, bits: 32, data: [0, 0, 0, 64] })).toEqual([0.5]);
    expect(await samplesOf({ blockAlign, tag: 3, bits: 32, data: floatBytes([0.5]) })).toEqual([0.5]);
    expect(await samplesOf({ blockAlign, tag: 7, bits: 8, data: [0xff] })).toEqual([0]);
  });

  test("24 bits are read as three bytes unless the block size has room for four", async () => {
    const data = [0, 0, 64, 0, 0, 192];
    for (const blockAlign of [0, 1, 2, 3, 6])
      expect(await samplesOf({ bits: 24, blockAlign, data })).toEqual([0.5, -0.5]);
  });

  test.each([5, 6, 48, 4000, 1_000_000, 0x7ffe_ffff])(
    "a data size of %i where four bytes are there: they are read, and a note says so",
    async (dataSize) => {
      const { samples, note } = await decodeAudio(buildWav({ dataSize }));
      expect([...samples]).toEqual([0.5, -0.5]);
      expect(note).toMatch(new RegExp(`promises ${dataSize} bytes.*4 are there`));
    },
  );

  test("a data size of 0 with a right RIFF size: what that covers, not the tag behind it", async () => {
    const wav = buildWav({ dataSize: 0 });
    expect([...(await decodeAudio(wav)).samples]).toEqual([0.5, -0.5]);
    const tagged = Uint8Array.from([...wav, ...ascii("TAG"), ...new Array(125).fill(65)]);
    expect([...(await decodeAudio(tagged)).samples]).toEqual([0.5, -0.5]);
  });

  test("a data size that is too small where the RIFF size covers the rest exactly", async () => {
    const data = [0, 64, 0, 192, 0, 64, 0, 192, 0, 64, 0, 192];
    expect(await samplesOf({ data, dataSize: 2 })).toEqual([0.5, -0.5, 0.5, -0.5, 0.5, -0.5]);
  });
});

describe("ADPCM", () => {
  test("what ffmpeg wrote is the word it was made from", async () => {
    const decode = async (name: string) =>
      (await decodeAudio(readFileSync(new URL(`../../../fixtures/audio/${name}`, import.meta.url)))).samples;
    const original = await decode("pcm-16.wav");
    for (const name of ["ima-adpcm.wav", "ms-adpcm.wav"]) {
      const samples = await decode(name);
      let [error, power] = [0, 0];
      for (const [i, sample] of original.entries()) {
        error += (samples[i]! - sample) ** 2;
        power += sample ** 2;
      }
      expect(10 * Math.log10(power / error), name).toBeGreaterThan(16);
    }
  });

  test("blocks of no size and more channels than two are damage", async () => {
    for (const fields of [
      { blockAlign: 0 },
      { blockAlign: 4 },
      { nChannels: 3, blockAlign: 1024 },
      { nChannels: 0 },
    ]) {
      for (const tag of [2, 17]) {
        await expect(decodeAudio(buildWav({ tag, bits: 4, ...fields }))).rejects.toMatchObject({
          code: "audio-damaged",
        });
      }
    }
  });
});

describe("bad files", () => {
  const failure = (fields: WavFields) => expect(decodeAudio(buildWav(fields))).rejects;

  test("names the codec it does not support", async () => {
    await failure({ tag: 0x31, bits: 0 }).toThrow(/0x0031 \(GSM 6\.10\)/);
    await failure({ tag: 0xfffe, bits: 0, fmtTail: extension(0x31, 4) }).toThrow(/0x0031 \(GSM 6.10\)/);
    await failure({ tag: 0x1234 }).toMatchObject({ code: "audio-unsupported" });
  });

  test("refuses more channels than any recorder has", async () => {
    await failure({ nChannels: 65_535, bits: 8, blockAlign: 65_535 }).toMatchObject({
      code: "audio-unsupported",
    });
  });

  test("rejects a file that ends before its data chunk as truncated", async () => {
    const wav = buildWav({});
    for (let length = 12; length < 44; length++) {
      await expect(decodeAudio(wav.subarray(0, length))).rejects.toMatchObject({ code: "audio-truncated" });
    }
  });

  test.each<[string, WavFields]>([
    ["no channels", { nChannels: 0 }],
    ["a sample rate of 0", { sampleRate: 0 }],
    ["a sample rate beyond any converter", { sampleRate: 4_000_000_000 }],
    ["40 bits", { bits: 40, blockAlign: 5 }],
    ["no bits, and a block that does not fit the channels", { bits: 0, blockAlign: 5 }],
    ["16-bit floats", { tag: 3, bits: 16 }],
  ])("rejects %s as damaged", async (_, fields) => {
    await failure(fields).toMatchObject({ code: "audio-damaged" });
  });

  test("rejects more sound than either limit", async () => {
    const stereo = buildWav({ nChannels: 2, data: new Array(32_000).fill(64) }); // one second
    const code = "audio-too-long";
    await expect(decodeAudio(stereo, { maxDurationMs: 999 })).rejects.toMatchObject({ code });
    await expect(decodeAudio(stereo, { maxSamples: 15_999 })).rejects.toMatchObject({ code });
    await expect(decodeAudio(stereo, { maxDurationMs: 1000, maxSamples: 16_000 })).resolves.toBeDefined();
  });
});

test("what ffmpeg wrote as 24-bit, 32-bit and float is the 16-bit original to the bit", async () => {
  const decode = (name: string) =>
    decodeAudio(readFileSync(new URL(`../../../fixtures/audio/${name}`, import.meta.url)));
  const { samples } = await decode("pcm-16.wav");
  for (const name of [
    "pcm-24.wav",
    "pcm-32.wav",
    "float-32.wav",
    "six-channels-extensible.wav",
    "tagged.wav",
  ]) {
    expect((await decode(name)).samples).toEqual(samples);
  }
});
