import { describe, expect, test } from "vitest";
import { decodeAiff } from "./decode-aiff.ts";

const LIMIT = { maxDurationMs: 600_000 };

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

test.each<[string, AiffFields, number[]]>([
  ["16-bit", {}, [0.5, -0.5]],
  ["8-bit, signed", { bits: 8, data: [64, 192] }, [0.5, -0.5]],
  ["24-bit", { bits: 24, data: [64, 0, 0, 192, 0, 0] }, [0.5, -0.5]],
  ["32-bit", { bits: 32, data: [64, 0, 0, 0, 192, 0, 0, 0] }, [0.5, -0.5]],
  ["little-endian", { compression: "sowt", data: [0, 64, 0, 192] }, [0.5, -0.5]],
  ["float", { compression: "fl32", bits: 32, data: bigEndianFloat }, [0.5, -0.25]],
  ["A-law", { compression: "alaw", data: [0xaa, 0x2a] }, [32256 / 32768, -32256 / 32768]],
  ["mu-law", { compression: "ulaw", data: [0x80, 0x00] }, [32124 / 32768, -32124 / 32768]],
  ["two channels", { nChannels: 2, nFrames: 1 }, [0]],
  ["samples before the header", { chunkOrder: "SSND first" }, [0.5, -0.5]],
])("reads %s", (_, fields, expected) => {
  expect(decodeAiff(buildAiff(fields), LIMIT)).toEqual({
    samples: Float32Array.from(expected),
    sampleRate: 8000,
  });
});

test("rounds the fractional rates of old files", () => {
  // 22254.5454... Hz, the first Macintosh's.
  const rate = [0x40, 0x0d, 0xad, 0xdd, 0x17, 0x45, 0xd1, 0x74, 0x5d, 0x17];
  expect(decodeAiff(buildAiff({ rate }), LIMIT).sampleRate).toBe(22_255);
});

describe("bad files", () => {
  const failure = (fields: AiffFields) => expect(() => decodeAiff(buildAiff(fields), LIMIT));

  test("names the compression it does not support", () => {
    failure({ compression: "ima4" }).toThrow(
      expect.objectContaining({ code: "audio-unsupported", message: expect.stringContaining('"ima4"') }),
    );
  });

  test("rejects more frames than the file holds as truncated", () => {
    failure({ nFrames: 3 }).toThrow(expect.objectContaining({ code: "audio-truncated" }));
    for (let length = 12; length < buildAiff({}).length; length++) {
      expect(() => decodeAiff(buildAiff({}).subarray(0, length), LIMIT)).toThrow(
        expect.objectContaining({ code: "audio-truncated" }),
      );
    }
  });

  test("rejects a header that contradicts itself as damaged", () => {
    failure({ nChannels: 0 }).toThrow(expect.objectContaining({ code: "audio-damaged" }));
    failure({ bits: 40 }).toThrow(expect.objectContaining({ code: "audio-damaged" }));
    failure({ rate: new Array(10).fill(0) }).toThrow(expect.objectContaining({ code: "audio-damaged" }));
    failure({ rate: [0xc0, ...RATE_8000.slice(1)] }).toThrow(
      expect.objectContaining({ code: "audio-damaged" }),
    );
  });

  test("rejects a length above the limit by the header alone", () => {
    failure({ nFrames: 0xffff_ffff }).toThrow(expect.objectContaining({ code: "audio-too-long" }));
  });

  test("returns no samples where the header says so", () => {
    expect(decodeAiff(buildAiff({ nFrames: 0, data: [] }), LIMIT).samples).toHaveLength(0);
  });
});
