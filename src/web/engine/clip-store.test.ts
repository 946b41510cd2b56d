import { afterEach, expect, test, vi } from "vitest";
import { decodeAudio } from "../../audio/decode-audio.ts";
import { encodeWav } from "../../audio/encode-wav.ts";
import { ClipStore } from "./clip-store.ts";

const clip = () => ({ samples: new Float32Array(800), sampleRate: 8000 });

afterEach(() => vi.useRealTimers());

test("a clip is held until a newer one takes its place", () => {
  const store = new ClipStore();
  const { clipId } = store.add(clip());
  expect(store.findSpeech(clipId)).toEqual({ startMs: 0, endMs: 100 });
  const newer = store.add(clip());
  expect(newer.clipId).not.toBe(clipId);
  expect(() => store.findSpeech(clipId)).toThrow(expect.objectContaining({ code: "audio-no-samples" }));
});

test("a file that is decoded after a newer one has been is not held in its place", async () => {
  const store = new ClipStore();
  const opening = store.open(encodeWav(new Float32Array(800), { sampleRate: 8000 }));
  const newer = store.add(clip());
  expect((await opening).clipId).toBeLessThan(newer.clipId);
  expect(store.findSpeech(newer.clipId)).toEqual({ startMs: 0, endMs: 100 });
  store.clear();
  expect(() => store.findSpeech(newer.clipId)).toThrow("held no more");
});

test("a store that stands in for a lost one does not take its clips for its own", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const lost = new ClipStore().add(clip());
  vi.advanceTimersByTime(1000);
  const store = new ClipStore();
  expect(store.add(clip()).clipId).not.toBe(lost.clipId);
  expect(() => store.findSpeech(lost.clipId)).toThrow(expect.objectContaining({ code: "audio-no-samples" }));
});

test("of a long sound an excerpt is kept at 16 kHz, of a short one at its own rate", async () => {
  const store = new ClipStore();
  const sampleRate = 24_000;
  const { clipId } = store.add({ samples: new Float32Array(61 * sampleRate), sampleRate });
  const rateOf = async (endMs: number) => {
    const wav = store.excerpt({ clipId, startMs: 0, endMs, noiseReduction: false });
    const bytes = new Uint8Array(await wav.arrayBuffer());
    return (await decodeAudio(bytes, { maxDurationMs: 100_000 })).sampleRate;
  };
  expect(await rateOf(61_000)).toBe(16_000);
  expect(await rateOf(1000)).toBe(24_000);
});
