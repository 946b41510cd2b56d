import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";
import { decodeAudio } from "./decode-audio.ts";
import { encodeWav } from "./encode-wav.ts";

// The bytes that Python 3.11's wave module writes for the same two samples.
test("writes the canonical header of 44 bytes", () => {
  const hex = Buffer.from(encodeWav(Float32Array.of(0.5, -0.5), { sampleRate: 8000 })).toString("hex");
  expect(hex).toBe(
    "524946462800000057415645666d74201000000001000100401f0000803e0000020010006461746104000000004000c0",
  );
});

test("what it writes decodes to within half a step", async () => {
  const random = createRandom(3);
  const samples = Float32Array.from({ length: 1000 }, () => random.uniform(-1, 0.9999));
  const decoded = await decodeAudio(encodeWav(samples, { sampleRate: 44_100 }));
  expect(decoded.sampleRate).toBe(44_100);
  for (let i = 0; i < samples.length; i++) {
    expect(Math.abs(decoded.samples[i]! - samples[i]!)).toBeLessThanOrEqual(0.5 / 32_768);
  }
});

describe("edges", () => {
  test("clips what lies outside -1..1", async () => {
    const decoded = await decodeAudio(encodeWav(Float32Array.of(1, 2, -1, -2), { sampleRate: 8000 }));
    expect([...decoded.samples]).toEqual([32_767 / 32_768, 32_767 / 32_768, -1, -1]);
  });

  test("an empty clip is a header alone", () => {
    expect(encodeWav(new Float32Array(0), { sampleRate: 8000 })).toHaveLength(44);
  });

  test("rejects rates out of range and samples that are no numbers", () => {
    for (const sampleRate of [0, -1, 8000.5, NaN, 768_001]) {
      expect(() => encodeWav(new Float32Array(1), { sampleRate })).toThrow(InvalidArgumentError);
    }
    expect(() => encodeWav(Float32Array.of(0, NaN), { sampleRate: 8000 })).toThrow(
      "encodeWav: sample 1 is NaN",
    );
    expect(() => encodeWav(Float32Array.of(-Infinity), { sampleRate: 8000 })).toThrow(InvalidArgumentError);
  });
});
