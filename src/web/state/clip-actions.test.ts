import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Utterance } from "../engine/utterance.ts";
import { choose, leave, openFile, reopen, switchNoiseReduction, trimSilence } from "./clip-actions.ts";
import { forgetAll, history } from "./history.ts";
import { correct } from "./number-actions.ts";
import { clip, noiseReduction, notice, stretch, utterance, work } from "./page-state.ts";

const { ask } = vi.hoisted(() => ({ ask: vi.fn<(call: string, argument?: unknown) => Promise<unknown>>() }));
vi.mock("./engine-link.ts", () => ({ engine: { ask }, onEngineEvent: () => () => undefined }));

const WHOLE = { startMs: 0, endMs: 500 };

beforeEach(() => {
  ask.mockReset();
  leave();
  forgetAll();
  notice.value = null;
  noiseReduction.value = false;
});

describe.each([
  ["trimming silence", trimSilence],
  ["reducing noise", () => switchNoiseReduction(true)],
])("%s", (_what, act) => {
  beforeEach(() => show(1));

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

describe("openFile", () => {
  it("takes the answer to an earlier file away where it fails", async () => {
    answerAll({ recognise: said(7) });
    await openFile(new Blob(), "seven.wav", "file");
    expect(utterance.value?.digits[0]?.digit).toBe(7);
    ask.mockRejectedValue(new Error("broken"));
    await openFile(new Blob(), "broken.wav", "file");
    expect([clip.value, utterance.value, work.value]).toEqual([null, null, null]);
    expect(notice.value?.detail).toBe("broken");
  });

  it.each([
    ["a newer file", () => openFile(new Blob(), "new.wav", "file")],
    ["what the microphone is to hear", async () => leave()],
  ])("does not show a file that opens late in the place of %s", async (_what, begin) => {
    let open!: (clip: unknown) => void;
    answerAll({ recognise: said(7) });
    ask.mockImplementationOnce(() => new Promise((done) => (open = done)));
    const older = openFile(new Blob(), "old.wav", "file");
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    await begin();
    const name = clip.value?.name;
    open(opened(1));
    await older;
    expect(clip.value?.name).toBe(name);
    expect([work.value, history.value.some((entry) => entry.name === "old.wav")]).toEqual([null, false]);
  });

  it("looks again once numbers can be heard, where only a first look was possible", async () => {
    let load!: (nothing: unknown) => void;
    answerAll({
      recognise: { ...said(6), provisional: true },
      loadNumbers: new Promise((done) => (load = done)),
    });
    await openFile(new Blob(), "1660.wav", "file");
    expect(utterance.value?.digits).toHaveLength(1);
    answerAll({ recognise: said(1, 6, 6, 0) });
    load(undefined);
    await vi.waitFor(() => expect(utterance.value?.digits).toHaveLength(4));
    await vi.waitFor(() => expect(history.value[0]?.utterance.digits).toHaveLength(4));
    expect(history.value).toHaveLength(1);
  });
});

describe("a part of a clip", () => {
  it("has its digits where they are in the clip, and in the history where they are in the part", async () => {
    answerAll({ recognise: said(7) });
    await openFile(new Blob(), "seven.wav", "file");
    await choose({ startMs: 100, endMs: 450 });
    expect(utterance.value?.digits[0]).toMatchObject({ startMs: 110, endMs: 150 });
    expect(history.value[0]?.utterance.digits[0]).toMatchObject({ startMs: 10, endMs: 50 });
    correct(5);
    expect(history.value[0]?.utterance.digits[0]).toMatchObject({ startMs: 10, digit: 7, label: 5 });
  });
});

describe("reopen", () => {
  it("shows the answer as it was, with what the reader said of it, and computes none anew", async () => {
    answerAll({ recognise: said(1, 6) });
    await openFile(new Blob(), "16.wav", "file");
    correct(4);
    const [entry] = history.value;
    leave();
    ask.mockClear();
    await reopen(entry!);
    expect(utterance.value?.digits.map(({ digit, label }) => label ?? digit)).toEqual([4, 6]);
    expect(ask.mock.calls.map(([call]) => call)).not.toContain("recognise");
    correct(9);
    expect(history.value.map((kept) => kept.utterance.digits[0]?.label)).toEqual([9]);
  });
});

function answerAll(answers: Record<string, unknown>): void {
  const usual: Record<string, unknown> = { open: opened(3), excerpt: new Blob(), classify: prediction() };
  ask.mockImplementation(async (call) => answers[call] ?? usual[call]);
}

function said(...spoken: number[]): Utterance {
  const digits = spoken.map((digit, i) => ({
    digit,
    startMs: 10 + i * 50,
    endMs: 50 + i * 50,
    confidence: 0.9,
    rivals: [],
  }));
  return { digits, alternatives: [], none: null, prediction: null, ms: 1, provisional: false };
}

function prediction() {
  const probs = new Array<number>(10).fill(0.1);
  return {
    digit: 0,
    topDigit: 0,
    confidence: 0.1,
    probs,
    noneProb: 0,
    none: null,
    ms: 1,
    logMel: { nFrames: 1 },
  };
}

function opened(clipId: number) {
  return { clipId, durationMs: 500, sampleRate: 8000, peaks: new Float32Array(1), wav: new Blob() };
}

function show(clipId: number): void {
  clip.value = { ...opened(clipId), name: "", origin: "file" };
  stretch.value = WHOLE;
}
