import { describe, expect, it } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { createPcmReader, type PcmFormat } from "./pcm-reader.ts";

const SAMPLES = Float32Array.of(0, 0.5, -1, 0.25, -0.125);

function bytesOf(format: PcmFormat): Uint8Array {
  if (format === "f32le") return new Uint8Array(SAMPLES.slice().buffer);
  return new Uint8Array(Int16Array.from(SAMPLES, (sample) => sample * 32_768).buffer);
}

/** What a reader makes of bytes that come in pieces of one length. */
function read(bytes: Uint8Array, { format = "s16le" as PcmFormat, length = bytes.length } = {}): number[] {
  const reader = createPcmReader({ sampleRate: 8000, format });
  const samples: number[] = [];
  for (let start = 0; start < bytes.length; start += length) {
    samples.push(...reader.push(bytes.subarray(start, start + length)));
  }
  return samples;
}

describe("createPcmReader", () => {
  it.each([["s16le" as const], ["f32le" as const]])("reads %s, cut anywhere", (format) => {
    for (const length of [1, 3, 7, 100]) {
      expect(read(bytesOf(format), { format, length })).toEqual([...SAMPLES]);
    }
  });

  it("leaves out a last sample that is not whole", () => {
    expect(read(bytesOf("s16le").subarray(0, 7))).toEqual([...SAMPLES.subarray(0, 3)]);
  });

  it("reads samples whose first bytes look like the beginning of a header", () => {
    for (const text of ["RIxx", "RIFF....none", "RIFFxxxxWAVX....data........"]) {
      expect(read(Buffer.from(text), { length: 1 }), text).toHaveLength(text.length / 2);
    }
  });

  it("passes over a WAV header that says the same as the options", () => {
    const wav = encodeWav(SAMPLES, { sampleRate: 8000 });
    for (const length of [1, 12, 44, 100]) {
      const samples = read(wav, { length });
      expect(samples).toHaveLength(SAMPLES.length);
      expect(samples[1]).toBeCloseTo(0.5, 3);
    }
  });

  it.each([
    ["another rate", encodeWav(SAMPLES, { sampleRate: 44_100 }), "s16le" as const, "at 44100 Hz"],
    ["another format", encodeWav(SAMPLES, { sampleRate: 8000 }), "f32le" as const, "16 bits (codec 1)"],
    ["two channels", stereo(), "s16le" as const, "channels: 2"],
    ["no end", endless(), "s16le" as const, "a WAV header that does not end"],
  ])("refuses a WAV header with %s", (_, bytes, format, message) => {
    expect(() => read(bytes, { format })).toThrow(
      expect.objectContaining({ code: "invalid-argument", message: expect.stringContaining(message) }),
    );
  });
});

function stereo(): Uint8Array {
  const wav = encodeWav(SAMPLES, { sampleRate: 8000 }).slice();
  wav[22] = 2;
  return wav;
}

function endless(): Uint8Array {
  const bytes = new Uint8Array(70_000);
  bytes.set(Buffer.from("RIFF....WAVEjunk\xff\xff\xff\x7f", "latin1"));
  return bytes;
}
