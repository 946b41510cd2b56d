import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AudioFormatError, InvalidArgumentError } from "../errors.ts";
import { decodeAudio } from "./decode-audio.ts";
import { encodeWav } from "./encode-wav.ts";
import { resample } from "./resample.ts";

const read = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url)));
const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));
// The first page of a stream, with one packet.
const oggPage = (packet: number[]) => [
  ...ascii("OggS\0\x02"),
  ...new Array(20).fill(0),
  1,
  packet.length,
  ...packet,
];

async function failure(
  bytes: Uint8Array,
  options?: { maxDurationMs?: number; sampleRate?: number },
): Promise<AudioFormatError> {
  const error = await decodeAudio(bytes, options).catch((reason: unknown) => reason);
  if (!(error instanceof AudioFormatError)) throw new Error(`expected an AudioFormatError, got ${error}`);
  return error;
}

function correlation(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe("every format gives the word it was made from, undelayed", () => {
  // File, sample rate, samples, and how alike it is to the original at least (correlation at lag 0).
  test.each<[string, number, number, number]>([
    ["pcm-8.wav", 8000, 5540, 0.999],
    ["pcm-16.wav", 8000, 5540, 1],
    ["pcm-24.wav", 8000, 5540, 1],
    ["pcm-32.wav", 8000, 5540, 1],
    ["float-32.wav", 8000, 5540, 1],
    ["a-law.wav", 8000, 5540, 0.9995],
    ["mu-law.wav", 8000, 5540, 0.9995],
    ["tagged.wav", 8000, 5540, 1],
    ["stereo-44100.wav", 44100, 30540, 0.9995],
    ["six-channels-extensible.wav", 8000, 5540, 1],
    ["big-endian.aiff", 8000, 5540, 1],
    ["little-endian.aifc", 8000, 5540, 1],
    ["mono-8000.flac", 8000, 5540, 1],
    ["stereo-44100.flac", 44100, 30540, 0.9995],
    ["mono-44100.mp3", 44100, 30540, 0.999],
    ["tagged-stereo.mp3", 22050, 15270, 0.999],
    ["mono-44100.m4a", 44100, 30540, 0.98],
    ["fragmented.mp4", 48000, 33792, 0.98],
    ["mono-44100.ogg", 44100, 30540, 0.995],
    ["mono-48000.opus", 48000, 33240, 0.995],
    ["stereo-48000.webm", 48000, 33240, 0.995],
    ["live.webm", 48000, 33240, 0.995],
  ])("%s", async (name, sampleRate, nSamples, likeness) => {
    const original = (await decodeAudio(read("samples/8.wav"))).samples;
    const clip = await decodeAudio(read(`audio/${name}`));
    expect(clip.sampleRate).toBe(sampleRate);
    expect(clip.samples).toHaveLength(nSamples);
    const at8000 = resample(clip.samples, { sourceRate: sampleRate, targetRate: 8000 });
    expect(correlation(original, at8000)).toBeGreaterThanOrEqual(likeness - 1e-9);
  });

  // Raw AAC has no field for the encoder's delay, and its low rates come out doubled (spectral band replication).
  test("mono-16000.aac", async () => {
    const clip = await decodeAudio(read("audio/mono-16000.aac"));
    expect(clip.samples.length / clip.sampleRate).toBeCloseTo(0.7, 1);
  });

  test("all ten bundled samples", async () => {
    for (let digit = 0; digit < 10; digit++) {
      const { samples, sampleRate } = await decodeAudio(read(`samples/${digit}.wav`));
      expect(sampleRate).toBe(8000);
      expect(samples.length).toBeGreaterThan(4000);
    }
  });
});

describe("a sample rate asked for", () => {
  test.each([
    "pcm-16.wav",
    "stereo-44100.wav",
    "big-endian.aiff",
    "stereo-44100.flac",
    "mono-44100.mp3",
    "fragmented.mp4",
    "mono-44100.ogg",
    "stereo-48000.webm",
  ])("%s comes as if it were converted afterwards", async (name) => {
    const clip = await decodeAudio(read(`audio/${name}`));
    for (const targetRate of [8000, 16_000, clip.sampleRate]) {
      const converted = await decodeAudio(read(`audio/${name}`), { sampleRate: targetRate });
      expect(converted.sampleRate).toBe(targetRate);
      expect(converted.samples).toEqual(resample(clip.samples, { sourceRate: clip.sampleRate, targetRate }));
    }
  });

  test("a long WAV, which is read in pieces, has no seams", async () => {
    const samples = Float32Array.from(
      { length: 200_000 },
      (_, i) => Math.round(9000 * Math.sin(i / 9)) / 32_768,
    );
    const bytes = encodeWav(samples, { sampleRate: 44_100 });
    const clip = await decodeAudio(bytes);
    const converted = await decodeAudio(bytes, { sampleRate: 8000 });
    expect(converted.samples).toEqual(resample(clip.samples, { sourceRate: 44_100, targetRate: 8000 }));
  });

  test("the limit of the duration, what is promised and what is no number count as without it", async () => {
    const options = { sampleRate: 8000, maxDurationMs: 300 };
    for (const name of ["stereo-44100.wav", "mono-44100.mp3", "stereo-44100.flac"]) {
      expect((await failure(read(`audio/${name}`), options)).code, name).toBe("audio-too-long");
    }
    const floats = read("audio/float-32.wav");
    new DataView(floats.buffer).setFloat32(floats.length - 400, Number.NaN, true);
    expect((await failure(floats, { sampleRate: 16_000 })).code).toBe("audio-non-finite");
  });

  test("is refused out of range", async () => {
    for (const sampleRate of [0, 99, 1e6, Number.NaN, 8000.5]) {
      await expect(decodeAudio(read("audio/pcm-16.wav"), { sampleRate })).rejects.toThrow(
        InvalidArgumentError,
      );
    }
  });
});

test("reads a Node Buffer that is a view into a larger one", async () => {
  const bytes = read("audio/mono-44100.mp3");
  const pool = Buffer.alloc(bytes.length + 64);
  pool.set(bytes, 33);
  const { samples } = await decodeAudio(pool.subarray(33, 33 + bytes.length));
  expect(samples).toHaveLength(30540);
});

test("a FLAC file with an ID3 tag before it decodes", async () => {
  const flac = read("audio/mono-8000.flac");
  const tag = Uint8Array.from([...ascii("ID3"), 3, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
  const { samples } = await decodeAudio(Uint8Array.from([...tag, ...flac]));
  expect(samples).toEqual((await decodeAudio(flac)).samples);
});

describe("what is wrong with a file", () => {
  test("empty", async () => {
    expect((await failure(new Uint8Array(0))).code).toBe("audio-empty");
  });

  test.each([
    ["a PNG picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)],
    ["a JPEG picture", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)],
    ["an HTML page", ascii("\n<!DOCTYPE html><title>404</title>")],
    ["JSON", ascii('{"error":"not found"}')],
    ["a Git LFS pointer", ascii("version https://git-lfs.github.com/spec/v1")],
    ["a ZIP archive", ascii("PK\x03\x04....")],
    ["text", ascii("hello")],
    ["unknown data", Uint8Array.of(1)],
    ["unknown data", new Uint8Array(4096)],
  ])("no audio: says it looks like %s", async (name, bytes) => {
    const error = await failure(Uint8Array.from(bytes));
    expect(error.code).toBe("audio-unrecognised");
    expect(error.message).toContain(`look like ${name}`);
  });

  test.each([
    ["Windows Media", Uint8Array.of(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)],
    ["MIDI", ascii("MThd\0\0\0\x06")],
    ["AVI", ascii("RIFF\0\0\0\0AVI LIST")],
    ["AMR with several channels", ascii("#!AMR_MC1.0\n")],
    ["Ogg with Speex", oggPage(ascii("Speex   ").concat(new Array(72).fill(0)))],
    ["Ogg with Skeleton, Theora", [...oggPage(ascii("fishead\0")), ...oggPage(ascii("\x80theora"))]],
    ["Opus with 9 channels", oggPage([...ascii("OpusHead\x01\x09"), ...new Array(20).fill(0)])],
    ["Opus with version 0", oggPage([...ascii("OpusHead\x00\x01"), ...new Array(9).fill(0)])],
  ])("known and not supported: names %s", async (name, bytes) => {
    const error = await failure(Uint8Array.from(bytes));
    expect(error.code).toBe("audio-unsupported");
    expect(error.message).toContain(name);
  });

  test.each([
    ["pcm-16.wav", 0.003],
    ["big-endian.aiff", 0.004],
    ["mono-8000.flac", 0.5],
    ["mono-8000.flac", 0.002],
    ["mono-44100.m4a", 0.5],
    ["mono-44100.ogg", 0.3],
    ["mono-48000.opus", 0.02],
  ])("%s cut to %d of its length: truncated", async (name, share) => {
    const bytes = read(`audio/${name}`);
    expect((await failure(bytes.subarray(0, bytes.length * share))).code).toBe("audio-truncated");
  });

  test.each([
    "pcm-16.wav",
    "big-endian.aiff",
    "mono-44100.mp3",
    "mono-44100.ogg",
    "mono-48000.opus",
    "stereo-48000.webm",
    "live.webm",
    "fragmented.mp4",
  ])("%s cut in the middle: the samples up to there, and a note", async (name) => {
    const bytes = read(`audio/${name}`);
    const whole = await decodeAudio(bytes);
    const { samples, note } = await decodeAudio(bytes.subarray(0, bytes.length * 0.6));
    expect(note).toMatch(/cut short|bytes of samples/);
    expect(samples.length).toBeLessThan(whole.samples.length);
    expect(samples.length).toBeGreaterThan(whole.samples.length * 0.1);
  });

  test("a header and nothing behind it: no samples", async () => {
    expect((await failure(encodeWav(new Float32Array(0), { sampleRate: 8000 }))).code).toBe(
      "audio-no-samples",
    );
    expect((await failure(read("audio/mono-44100.mp3").subarray(0, 40))).code).toBe("audio-truncated");
    expect((await failure(Uint8Array.from([...ascii("ID3"), 3, 0, 0, 0, 0, 0, 2, 0, 0]))).code).toBe(
      "audio-no-samples",
    );
    expect((await failure(read("audio/stereo-48000.webm").subarray(0, 300))).code).toBe("audio-truncated");
  });

  test("NaN or infinite samples", async () => {
    const wav = read("audio/float-32.wav");
    const view = new DataView(wav.buffer);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      view.setFloat32(wav.length - 400, value, true);
      expect((await failure(wav)).code).toBe("audio-non-finite");
    }
    view.setFloat32(wav.length - 400, 1e30, true);
    expect((await failure(wav)).code).toBe("audio-damaged");
  });

  test.each([
    "pcm-16.wav",
    "big-endian.aiff",
    "mono-8000.flac",
    "mono-44100.mp3",
    "mono-44100.m4a",
    "fragmented.mp4",
    "mono-44100.ogg",
    "mono-48000.opus",
    "stereo-48000.webm",
    "mono-16000.aac",
  ])("%s is too long for a limit of half a second and not for one of 0.8 s", async (name) => {
    const bytes = read(`audio/${name}`);
    const error = await failure(bytes, { maxDurationMs: 500 });
    expect(error.code).toBe("audio-too-long");
    expect(error.message).toContain("0.5 s");
    await expect(decodeAudio(bytes, { maxDurationMs: 800 })).resolves.toBeDefined();
  });

  test("wrong arguments", async () => {
    await expect(decodeAudio("a path" as unknown as Uint8Array)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(decodeAudio(new Uint8Array(1), { maxDurationMs: 0 })).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
    await expect(decodeAudio(new Uint8Array(1), { maxDurationMs: NaN })).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
  });
});
