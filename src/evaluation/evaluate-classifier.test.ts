import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Label, Recording } from "../corpus/recording.ts";
import { AudioFormatError, FileError, ModelFormatError } from "../errors.ts";
import { type DigitPrediction, evaluateRecordings } from "./evaluate-classifier.ts";

const RECORDINGS: Recording[] = Array.from({ length: 20 }, (_, i) => ({
  path: `clips/${i}.wav`,
  label: i < 15 ? ((i % 10) as Label) : "none",
  speaker: i % 2 ? "odd" : "even",
  corpus: "test",
}));

const numberOf = (path: string) => Number(/\d+/.exec(path)![0]);

/** Hears every clip as the last digit of its number. */
const hearNumber = async (path: string): Promise<DigitPrediction> => {
  const digit = numberOf(path) % 10;
  return { topDigit: digit, digit, confidence: 0.9 };
};

describe("evaluateRecordings", () => {
  it("reports on the answers and gives them in the order of the recordings", async () => {
    const classify = async (path: string) => {
      await wait((numberOf(path) * 7) % 5);
      return hearNumber(path);
    };
    const { report, rows } = await evaluateRecordings({ recordings: RECORDINGS, classify, concurrency: 7 });
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
    const classify = async (path: string) => {
      if (numberOf(path) === 3) throw new AudioFormatError("audio-empty", `${path}: no bytes`);
      if (numberOf(path) === 5) throw new FileError(`${path}: gone`);
      if (numberOf(path) === 16) await readFile("no/such/file.wav");
      return hearNumber(path);
    };
    const { report, rows } = await evaluateRecordings({ recordings: RECORDINGS, classify });
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
    await expect(evaluateRecordings({ recordings: RECORDINGS, classify })).rejects.toBe(error);
  });

  it("hands the classifier what prepare makes of the recording", async () => {
    const { report } = await evaluateRecordings({
      recordings: RECORDINGS,
      prepare: async (recording) => [numberOf(recording.path), recording.speaker] as const,
      classify: async ([number]) => ({ topDigit: number % 10, digit: null, confidence: 0.2 }),
    });
    expect(report.digits).toMatchObject({ accuracy: 1, accepted: 0 });
    expect(report.none.falseAccept).toBe(0);
  });

  it("lists recordings that prepare cannot read", async () => {
    const prepare = (recording: Recording) => {
      if (recording.label === "none") throw new AudioFormatError("audio-truncated", "cut");
      return recording.path;
    };
    const { report } = await evaluateRecordings({ recordings: RECORDINGS, prepare, classify: hearNumber });
    expect(report.failed.n).toBe(5);
  });

  it("keeps at most as many clips under way as it was told", async () => {
    for (const concurrency of [1, 3]) {
      let nUnderWay = 0;
      let most = 0;
      const classify = async (path: string) => {
        most = Math.max(most, ++nUnderWay);
        await wait(1);
        nUnderWay--;
        return hearNumber(path);
      };
      await evaluateRecordings({ recordings: RECORDINGS, classify, concurrency });
      expect(most).toBe(concurrency);
    }
  });

  it("counts every clip as done, failed ones too", async () => {
    const steps: string[] = [];
    const classify = (path: string) =>
      numberOf(path) % 2 ? hearNumber(path) : Promise.reject(new FileError("gone"));
    const onProgress = (nDone: number, nTotal: number) => steps.push(`${nDone}/${nTotal}`);
    await evaluateRecordings({ recordings: RECORDINGS, classify, onProgress });
    expect(steps).toEqual(Array.from({ length: 20 }, (_, i) => `${i + 1}/20`));
  });

  it("reports on no recordings", async () => {
    const { report } = await evaluateRecordings({ recordings: [], classify: hearNumber });
    expect(report).toMatchObject({ n: 0, digits: { accuracy: null } });
  });

  it("ends with the reason of the signal", async () => {
    const controller = new AbortController();
    const classify = async (path: string) => {
      controller.abort(new Error("called off"));
      return hearNumber(path);
    };
    const { signal } = controller;
    await expect(evaluateRecordings({ recordings: RECORDINGS, classify, signal })).rejects.toThrow(
      "called off",
    );
  });

  it.each([0, 1.5, Number.NaN])("rejects a concurrency of %d", async (concurrency) => {
    await expect(
      evaluateRecordings({ recordings: [], classify: hearNumber, concurrency }),
    ).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});
