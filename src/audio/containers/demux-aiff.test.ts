import { describe, expect, test } from "vitest";
import { decodeAudio } from "../decode-audio.ts";

type AiffFields = {
  bits?: number;
  nChannels?: number;
  nFrames?: number;
  compression?: string;
  rate?: number[];
  data?: number[];
  chunkOrder?: "COMM first" | "SSND first";
};

const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const be16 = (value: number) => [(value >> 8) & 255, value & 255];
const be32 = (value: number) => [...be16(value >>> 16), ...be16(value)];
const chunk = (id: string, body: number[]) => [...ascii(id), ...be32(body.length), ...body];
// 8000 Hz in 80-bit floating point: 2^12 times 1.953125.
const RATE_8000 = [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0];

function buildAiff(fields: AiffFields): Uint8Array {
  const {
    bits = 16,
    nChannels = 1,
    nFrames = 2,
    compression,
    rate = RATE_8000,
    data = [64, 0, 192, 0],
  } = fields;
  const name = compression === undefined ? [] : [...ascii(compression), 0, 0];
  const comm = chunk("COMM", [...be16(nChannels), ...be32(nFrames), ...be16(bits), ...rate, ...name]);
  const sound = chunk("SSND", [...be32(0), ...be32(0), ...data]);
  const chunks = fields.chunkOrder === "SSND first" ? [...sound, ...comm] : [...comm, ...sound];
  const body = [...ascii(compression === undefined ? "AIFF" : "AIFC"), ...chunks];
  return Uint8Array.from([...ascii("FORM"), ...be32(body.length), ...body]);
}

const float = [...new Uint8Array(Float32Array.of(0.5, -0.25).buffer)];
const bigEndianFloat = [...float.slice(0, 4).reverse(), ...float.slice(4).reverse()];

const decode = (fields: AiffFields) => decodeAudio(buildAiff(fields));

test.each<[string, AiffFields, number[]]>([
  ["16-bit", {}, [0.5, -0.5]],
  ["8-bit, signed", { bits: 8, data: [64, 192] }, [0.5, -0.5]],
  ["24-bit", { bits: 24, data: [64, 0, 0, 192, 0, 0] }, [0.5, -0.5]],
  ["32-bit", { bits: 32, data: [64, 0, 0, 0, 192, 0, 0, 0] }, [0.5, -0.5]],
  ["little-endian", { compression: "sowt", data: [0, 64, 0, 192] }, [0.5, -0.5]],
  ["float", { compression: "fl32", bits: 32, data: bigEndianFloat }, [0.5, -0.25]],
  ["A-law", { compression: "alaw", data: [0xaa, 0x2a] }, [32256 / 32768, -32256 / 32768]],
  ["mu-law", { compression: "ulaw", data: [0x80, 0x00] }, [32124 / 32768, -32124 / 32768]],
  ["two channels", { nChannels: 2, nFrames: 1, data: [64, 0, 32, 0] }, [0.375]],
  ["samples before the header", { chunkOrder: "SSND first" }, [0.5, -0.5]],
])("reads %s", async (_, fields, expected) => {
  expect(await decode(fields)).toEqual({
    samples: Float32Array.from(expected),
    sampleRate: 8000,
  });
});

test("rounds the fractional rates of old files", async () => {
  // 22254.5454... Hz, the first Macintosh's.
  const rate = [0x40, 0x0d, 0xad, 0xdd, 0x17, 0x45, 0xd1, 0x74, 0x5d, 0x17];
  expect((await decode({ rate })).sampleRate).toBe(22_255);
});

describe("lengths that contradict the file", () => {
  test.each([0, 0x7fff_ffff, 0xffff_ffff, 0x3fff_ffe9])(
    "a pipe left the number of frames at %i",
    async (nFrames) => {
      expect(await decode({ nFrames })).toEqual({ samples: Float32Array.of(0.5, -0.5), sampleRate: 8000 });
    },
  );

  test.each([0, 0x7fff_ffff, 0xffff_ffff])("a pipe left the chunk's size at %i", async (size) => {
    const bytes = buildAiff({ nFrames: 0 });
    new DataView(bytes.buffer).setUint32(12 + 26 + 4, size);
    expect([...(await decodeAudio(bytes)).samples]).toEqual([0.5, -0.5]);
  });

  test("more frames than the file holds: what is there, and a note", async () => {
    const { samples, note } = await decode({ nFrames: 3 });
    expect([...samples]).toEqual([0.5, -0.5]);
    expect(note).toMatch(/promises 6 bytes.*4 are there/);
  });
});

describe("bad files", () => {
  const failure = (fields: AiffFields) => expect(decode(fields)).rejects;

  test("names the compression it does not support", async () => {
    await failure({ compression: "MAC3" }).toThrow(
      expect.objectContaining({ code: "audio-unsupported", message: expect.stringContaining('"MAC3"') }),
    );
  });

  test("rejects a file that ends before its samples as truncated", async () => {
    const bytes = buildAiff({});
    for (let length = 12; length < bytes.length - 4; length++) {
      await expect(decodeAudio(bytes.subarray(0, length))).rejects.toMatchObject({ code: "audio-truncated" });
    }
  });

  test("rejects a header that contradicts itself as damaged", async () => {
    await failure({ nChannels: 0 }).toMatchObject({ code: "audio-damaged" });
    await failure({ bits: 40 }).toMatchObject({ code: "audio-damaged" });
    await failure({ rate: new Array(10).fill(0) }).toMatchObject({ code: "audio-damaged" });
    await failure({ rate: [0xc0, ...RATE_8000.slice(1)] }).toMatchObject({ code: "audio-damaged" });
  });

  test("rejects more sound than the limit", async () => {
    const data = new Array(2000).fill(64);
    await expect(
      decodeAudio(buildAiff({ nFrames: 1000, data }), { maxDurationMs: 124 }),
    ).rejects.toMatchObject({
      code: "audio-too-long",
    });
  });

  test("says that there are no samples where the header does", async () => {
    await failure({ nFrames: 0, data: [] }).toMatchObject({ code: "audio-no-samples" });
  });
});
