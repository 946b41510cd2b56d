import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRandom } from "../random.ts";
import { CODEC_RATES, canEncodeSpeech, listCodecConditions, throughCodec } from "./robustness-codecs.ts";

const HAS_FFMPEG = spawnSync("ffmpeg", ["-version"]).status === 0;

/** A burst of a tone in the middle of a quiet clip; each clip has a tone of its own. */
const burst = (index: number, length = 8000) =>
  Float32Array.from({ length }, (_, i) => {
    const inside = i > 0.4 * length && i < 0.6 * length;
    return inside ? 0.4 * Math.sin((2 * Math.PI * (400 + 200 * index) * i) / 8000) : 0;
  });

function correlation(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return product / Math.sqrt(ofA * ofB);
}

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(!HAS_FFMPEG)("throughCodec", () => {
  it.each(["mp3", "opus"] as const)("%s keeps each clip its length and its place in time", async (codec) => {
    const clips = [burst(0), burst(1, 6001), burst(2, 9000)];
    const coded = await throughCodec(clips, { codec, kbps: 24 });
    expect(coded.map(({ length }) => length)).toEqual([8000, 6001, 9000]);
    for (const [i, clip] of coded.entries()) expect(correlation(clip, clips[i]!)).toBeGreaterThan(0.9);
  });

  it.each(["mp3", "opus"] as const)("%s does more harm at a lower rate", async (codec) => {
    const random = createRandom(1);
    const voice = Float32Array.from({ length: 16000 }, (_, i) => 0.2 * Math.sin(i / 90) * random.normal());
    const rates = [CODEC_RATES[codec][0]!, CODEC_RATES[codec].at(-1)!];
    const [low, high] = await Promise.all(
      rates.map(async (kbps) => correlation((await throughCodec([voice], { codec, kbps }))[0]!, voice)),
    );
    expect(low).toBeLessThan(high!);
  });

  it("takes no clips", async () => {
    expect(await throughCodec([], { codec: "mp3", kbps: 16 })).toEqual([]);
  });

  it("ends when it is called off", async () => {
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(throughCodec([burst(0)], { codec: "mp3", kbps: 16, signal })).rejects.toThrow("called off");
  });
});

describe.skipIf(!HAS_FFMPEG)("listCodecConditions", () => {
  it("has each codec at each rate, and gives each clip its own", async () => {
    const clips = [burst(0), burst(3)];
    const conditions = listCodecConditions(clips);
    expect(conditions.map(({ group, setting }) => [group, setting])).toEqual([
      ...CODEC_RATES.mp3.map((kbps) => ["mp3", kbps]),
      ...CODEC_RATES.opus.map((kbps) => ["opus", kbps]),
    ]);
    const second = await conditions[2]!.apply(clips[1]!, { clipIndex: 1, random: createRandom(1) });
    expect(correlation(second, clips[1]!)).toBeGreaterThan(0.9);
    expect(Math.abs(correlation(second, clips[0]!))).toBeLessThan(0.2);
  });
});

describe("without ffmpeg", () => {
  it("is known before anything is encoded", async () => {
    vi.stubEnv("PATH", "");
    expect(await canEncodeSpeech()).toBe(false);
    await expect(throughCodec([burst(0)], { codec: "mp3", kbps: 16 })).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining("not installed"),
    });
  });

  it.skipIf(!HAS_FFMPEG)("with it, it can encode", async () => {
    expect(await canEncodeSpeech()).toBe(true);
  });
});
