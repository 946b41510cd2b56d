import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Label, Recording } from "../corpus/recording.ts";
import { AudioFormatError, FileError, ModelFormatError } from "../errors.ts";
import { type DigitPrediction, evaluateRecordings, evaluateStrings } from "./evaluate-recordings.ts";
import type { SpokenString } from "./manifest.ts";

const RECORDINGS: Recording[] = Array.from({ length: 20 }, (_, i) => ({
  path: `clips/${i}.wav`,
  label: i < 15 ? ((i % 10) as Label) : "none",
  speaker: i % 2 ? "odd" : "even",
  corpus: "test",
}));

const numberOf = (path: string) => Number(/\d+/.exec(path)![0]);

/** Predicts every clip as the last digit of its number. */
const predictNumber = async ({ path }: Recording): Promise<DigitPrediction> => {
  const digit = numberOf(path) % 10;
  return { topDigit: digit, digit, confidence: 0.9 };
};

describe("evaluateRecordings", () => {
  it("reports on the predictions and gives them in the order of the recordings", async () => {
    const classify = async (recording: Recording) => {
      const { path } = recording;
      await wait((numberOf(path) * 7) % 5);
      return predictNumber(recording);
    };
    const { report, rows } = await evaluateRecordings(RECORDINGS, classify);
    expect(report).toMatchObject({
      n: 20,
      digits: { n: 15, accuracy: 1, bySpeaker: { even: { n: 8, accuracy: 1 }, odd: { n: 7, accuracy: 1 } } },
      none: { n: 5, falseAccept: 1 },
      failed: { n: 0 },
    });
    expect(rows.map((row) => row.path)).toEqual(RECORDINGS.map((recording) => recording.path));
    expect(rows[3]).toEqual({ ...RECORDINGS[3], topDigit: 3, digit: 3, confidence: 0.9 });
  });

  it("lists files that cannot be read or decoded and goes on", async () => {
    const classify = async (recording: Recording) => {
      const { path } = recording;
      if (numberOf(path) === 3) throw new AudioFormatError("audio-empty", `${path}: no bytes`);
      if (numberOf(path) === 5) throw new FileError(`${path}: gone`);
      if (numberOf(path) === 16) await readFile("no/such/file.wav");
      return predictNumber(recording);
    };
    const { report, rows } = await evaluateRecordings(RECORDINGS, classify);
    expect(report.failed).toEqual({
      n: 3,
      files: [
        { path: "clips/3.wav", code: "audio-empty", message: "clips/3.wav: no bytes" },
        { path: "clips/5.wav", code: "file-unreadable", message: "clips/5.wav: gone" },
        { path: "clips/16.wav", code: "file-unreadable", message: expect.stringContaining("ENOENT") },
      ],
    });
    expect(report.n).toBe(17);
    expect(rows).toHaveLength(17);
  });

  it.each([
    ["a damaged model", new ModelFormatError("not a model")],
    ["a fault in the program", new TypeError("x is not a function")],
  ])("stops on %s", async (_title, error) => {
    const classify = () => Promise.reject(error);
    await expect(evaluateRecordings(RECORDINGS, classify)).rejects.toBe(error);
  });

  it("keeps at most four clips under way", async () => {
    let nUnderWay = 0;
    let most = 0;
    const classify = async (recording: Recording) => {
      most = Math.max(most, ++nUnderWay);
      await wait(1);
      nUnderWay--;
      return predictNumber(recording);
    };
    await evaluateRecordings(RECORDINGS, classify);
    expect(most).toBe(4);
  });

  it("counts every clip as done, failed ones too", async () => {
    const steps: string[] = [];
    const classify = (recording: Recording) =>
      numberOf(recording.path) % 2 ? predictNumber(recording) : Promise.reject(new FileError("gone"));
    const onProgress = (nDone: number, nTotal: number) => steps.push(`${nDone}/${nTotal}`);
    await evaluateRecordings(RECORDINGS, classify, { onProgress });
    expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => `${i + 1}/20`));
  });

  it("reports on no recordings", async () => {
    const { report } = await evaluateRecordings([], predictNumber);
    expect(report).toMatchObject({ n: 0, digits: { accuracy: null } });
  });

  it("ends with the reason of the signal", async () => {
    const controller = new AbortController();
    const classify = async (recording: Recording) => {
      controller.abort(new Error("called off"));
      return predictNumber(recording);
    };
    const { signal } = controller;
    await expect(evaluateRecordings(RECORDINGS, classify, { signal })).rejects.toThrow("called off");
  });
});

describe("evaluateStrings", () => {
  const STRINGS: SpokenString[] = ["12", "345", "", "6", "77"].map((digits, i) => ({
    path: `${i}.wav`,
    digits,
    speaker: i % 2 ? "odd" : "even",
    corpus: "test",
  }));

  it("reports on the digits recognised and gives them in the order of the recordings", async () => {
    const recognise = async ({ path, digits }: SpokenString) => {
      await wait(path === "0.wav" ? 20 : 0);
      return { heard: path === "1.wav" ? "35" : digits, durationMs: 500 };
    };
    const { report, rows } = await evaluateStrings(STRINGS, recognise);
    expect(report).toMatchObject({
      n: 5,
      digitErrorRate: 1 / 8,
      deletions: 1,
      stringAccuracy: 0.8,
      bySpeaker: { even: { n: 3, digitErrorRate: 0 }, odd: { n: 2, digitErrorRate: 0.25 } },
      failed: { n: 0 },
    });
    expect(rows.map(({ path }) => path)).toEqual(STRINGS.map(({ path }) => path));
    expect(rows[1]).toEqual({ ...STRINGS[1], heard: "35", durationMs: 500 });
  });

  it("lists files that fail", async () => {
    const recognise = () => Promise.reject(new FileError("gone"));
    const { report, rows } = await evaluateStrings(STRINGS.slice(0, 1), recognise);
    const files = [{ path: "0.wav", code: "file-unreadable", message: "gone" }];
    expect({ rows, failed: report.failed }).toEqual({ rows: [], failed: { n: 1, files } });
  });

  it("reports on no recordings", async () => {
    const { report } = await evaluateStrings([], () => Promise.reject(new Error("not called")));
    expect(report).toMatchObject({ n: 0, digitErrorRate: null, stringAccuracy: null });
  });
});
