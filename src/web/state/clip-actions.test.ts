import { beforeEach, describe, expect, it, vi } from "vitest";
import { switchNoiseReduction, trimSilence } from "./clip-actions.ts";
import { clip, noiseReduction, notice, stretch } from "./page-state.ts";

const { ask } = vi.hoisted(() => ({ ask: vi.fn() }));
vi.mock("./engine-link.ts", () => ({ engine: { ask } }));

const WHOLE = { startMs: 0, endMs: 500 };

beforeEach(() => {
  ask.mockReset();
  notice.value = null;
  noiseReduction.value = false;
  show(1);
});

describe.each([
  ["trimming silence", trimSilence],
  ["reducing noise", () => switchNoiseReduction(true)],
])("%s", (_what, act) => {
  it("tells of a failure", async () => {
    ask.mockRejectedValue(new Error("out of memory"));
    await act();
    expect(notice.value).toMatchObject({ title: "That did not work", detail: "out of memory" });
  });

  it("tells of none once a newer clip is in view", async () => {
    ask.mockImplementation(async () => {
      show(2);
      throw new Error("clip 1 is held no more");
    });
    await act();
    expect(notice.value).toBeNull();
  });

  it("leaves a newer clip alone", async () => {
    ask.mockImplementation(async () => {
      show(2);
      return { startMs: 100, endMs: 200 };
    });
    await act();
    expect(stretch.value).toEqual(WHOLE);
    expect(ask).toHaveBeenCalledOnce();
  });
});

function show(clipId: number): void {
  const sound = { peaks: new Float32Array(1), wav: new Blob() };
  clip.value = { ...sound, clipId, durationMs: 500, sampleRate: 8000, name: "", origin: "file" };
  stretch.value = WHOLE;
}
