import { afterEach, expect, test, vi } from "vitest";
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

test("a store that stands in for a lost one does not take its clips for its own", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const lost = new ClipStore().add(clip());
  vi.advanceTimersByTime(1000);
  const store = new ClipStore();
  expect(store.add(clip()).clipId).not.toBe(lost.clipId);
  expect(() => store.findSpeech(lost.clipId)).toThrow(expect.objectContaining({ code: "audio-no-samples" }));
});
