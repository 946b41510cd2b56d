import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FileResult } from "../engine/protocol.ts";
import { exportFiles, isRight, scoreFiles } from "./file-scores.ts";
import {
  closeFiles,
  fileRows,
  filesRunning,
  goOn,
  isAudioName,
  labelInName,
  openFound,
  pause,
} from "./many-files.ts";
import { notice } from "./page-state.ts";

const { ask } = vi.hoisted(() => ({ ask: vi.fn<(call: string, argument: unknown) => Promise<unknown>>() }));
vi.mock("./engine-link.ts", () => ({ engine: { ask }, onEngineEvent: () => () => undefined }));

beforeEach(() => {
  closeFiles();
  notice.value = null;
  ask.mockReset();
});

describe("openFound", () => {
  it("hears each sound once, in order, leaves other files out, and says of each that fails why", async () => {
    ask.mockResolvedValueOnce(heard("7")).mockRejectedValueOnce(new Error("broken"));
    await openFound(["7_a_0.wav", "notes.txt", "sub/3_b_1.mp3", ".hidden.wav"].map(found));
    expect(ask.mock.calls.map(([call]) => call)).toEqual(["recogniseFile", "recogniseFile"]);
    expect(fileRows.value).toMatchObject([
      { path: "7_a_0.wav", label: 7, state: "done", digits: "7" },
      { path: "sub/3_b_1.mp3", label: 3, state: "failed", problem: "That did not work" },
    ]);
    expect(filesRunning.value).toBe(false);
  });

  it("says so where no file is a sound", async () => {
    for (const files of [[found("a.txt"), found("b.pdf")], []]) {
      notice.value = null;
      await openFound(files);
      expect(notice.value).toMatchObject({ title: "That is not a sound file" });
      expect(fileRows.value).toEqual([]);
    }
  });

  it("stops where it is told to, and goes on from there", async () => {
    ask.mockImplementation(async () => {
      pause();
      return heard("1");
    });
    await openFound(["a.wav", "b.wav", "c.wav"].map(found));
    expect(fileRows.value.map(({ state }) => state)).toEqual(["done", "waiting", "waiting"]);
    ask.mockResolvedValue(heard("2"));
    await goOn();
    expect(fileRows.value.map(({ digits }) => digits)).toEqual(["1", "2", "2"]);
  });
});

describe("files that are chosen while others are listened to", () => {
  it("take their place, and none of them is left out or has what was heard in another", async () => {
    let answer!: (result: FileResult) => void;
    ask.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const first = openFound(["a.wav", "b.wav"].map(found));
    await vi.waitFor(() => expect(ask).toHaveBeenCalled());
    ask.mockResolvedValueOnce(heard("3")).mockResolvedValueOnce(heard("4"));
    closeFiles();
    await openFound(["c.wav", "d.wav"].map(found));
    answer(heard("1"));
    await first;
    expect(fileRows.value.map(({ path, digits }) => [path, digits])).toEqual([
      ["c.wav", "3"],
      ["d.wav", "4"],
    ]);
    expect(ask).toHaveBeenCalledTimes(3);
    expect(filesRunning.value).toBe(false);
  });
});

describe("scoreFiles", () => {
  it("counts what was right among the files whose names say what they are", async () => {
    for (const digits of ["7", "1", "12", "3"]) ask.mockResolvedValueOnce(heard(digits));
    await openFound(["7_a.wav", "7_b.wav", "4_c.wav", "memo.wav"].map(found));
    expect(fileRows.value.map(isRight)).toEqual([true, false, false, null]);
    const scores = scoreFiles(fileRows.value)!;
    expect([scores.right, scores.total]).toEqual([1, 3]);
    expect([scores.confusion[7]![7], scores.confusion[7]![1], scores.confusion[4]![10]]).toEqual([1, 1, 1]);
    expect(scoreFiles(fileRows.value.slice(3))).toBeNull();
  });
});

describe("exportFiles", () => {
  it("has a line for each file, with leading zeros in JSON as they were heard", async () => {
    ask.mockResolvedValueOnce(heard("007")).mockRejectedValueOnce(new Error("broken"));
    await openFound([found("a,b.wav"), found("=c.wav")]);
    expect(exportFiles(fileRows.value, "csv").split("\r\n")).toEqual([
      "path,state,digits,confidence,seconds,label,right,problem",
      '"a,b.wav",done,007,0.9,2,,,',
      "'=c.wav,failed,,,,,,That did not work",
      "",
    ]);
    expect(JSON.parse(exportFiles(fileRows.value, "json"))).toMatchObject([
      { digits: "007" },
      { state: "failed" },
    ]);
  });
});

describe("isAudioName", () => {
  it.each(["a.wav", "b/c.OPUS", "d.m4a"])("takes %s", (name) => expect(isAudioName(name)).toBe(true));
  it.each(["a.txt", ".a.wav", "b/.c.mp3", "wav"])("leaves %s out", (name) =>
    expect(isAudioName(name)).toBe(false),
  );
});

function found(path: string) {
  return { file: new File([new Uint8Array(4)], path.split("/").at(-1)!), path };
}

function heard(text: string): FileResult {
  const digits = [...text].map((digit, i) => ({
    digit: Number(digit),
    startMs: i * 500,
    endMs: i * 500 + 400,
    confidence: 0.9,
    rivals: [],
  }));
  return {
    utterance: { digits, alternatives: [], none: null, prediction: null, ms: 1, provisional: false },
    durationMs: 2000,
  };
}

describe("labelInName", () => {
  it.each([
    ["7_theo_0.wav", 7],
    ["recordings/0_ann_12.mp3", 0],
    ["seven/0a7c2a8d_nohash_0.wav", 7],
    ["data/Zero/a.wav", 0],
    ["digits/4/x.wav", 4],
  ])("finds the digit of %s", (path, label) => {
    expect(labelInName(path)).toBe(label);
  });

  it.each(["20240101_120000.wav", "seven.wav", "folder/memo.wav", "17_x.wav"])("finds none in %s", (path) => {
    expect(labelInName(path)).toBeNull();
  });
});
