import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AudioFormatError, FileError, ModelFormatError } from "../errors.ts";
import { evaluateStrings } from "./string-evaluation.ts";
import type { SpokenString } from "./string-manifest.ts";

const RECORDINGS: SpokenString[] = ["12", "345", "", "6", "77"].map((digits, i) => ({
  path: `${i}.wav`,
  digits,
  speaker: i % 2 ? "odd" : "even",
  corpus: "test",
}));

/** Hears what is said. */
const hearAll = async ({ digits }: SpokenString) => ({ heard: digits, durationMs: 1000 });

describe("evaluateStrings", () => {
  it("reports on what was heard and gives it in the order of the recordings", async () => {
    const recognize = async (recording: SpokenString) => {
      await wait(recording.path === "0.wav" ? 20 : 0);
      return { heard: recording.path === "1.wav" ? "35" : recording.digits, durationMs: 500 };
    };
    const { report, rows } = await evaluateStrings({ recordings: RECORDINGS, recognize });
    expect(report).toMatchObject({
      n: 5,
      digitErrorRate: 1 / 8,
      deletions: 1,
      stringAccuracy: 0.8,
      bySpeaker: { even: { n: 3, digitErrorRate: 0 }, odd: { n: 2, digitErrorRate: 0.25 } },
      failed: { n: 0 },
    });
    expect(rows.map(({ path }) => path)).toEqual(RECORDINGS.map(({ path }) => path));
    expect(rows[1]).toEqual({ ...RECORDINGS[1], heard: "35", durationMs: 500 });
  });

  it("lists files that cannot be read or decoded, goes on, and counts them as done", async () => {
    const progress: string[] = [];
    const recognize = async (recording: SpokenString) => {
      if (recording.path === "0.wav") throw new AudioFormatError("audio-empty", "no bytes");
      if (recording.path === "2.wav") throw new FileError("gone");
      if (recording.path === "3.wav") await readFile("no/such/file.wav");
      return hearAll(recording);
    };
    const onProgress = (nDone: number, nTotal: number) => progress.push(`${nDone}/${nTotal}`);
    const { report, rows } = await evaluateStrings({ recordings: RECORDINGS, recognize, onProgress });
    expect(report.failed).toEqual({
      n: 3,
      files: [
        { path: "0.wav", code: "audio-empty", message: "no bytes" },
        { path: "2.wav", code: "file-unreadable", message: "gone" },
        { path: "3.wav", code: "file-unreadable", message: expect.stringContaining("ENOENT") },
      ],
    });
    expect(rows).toHaveLength(2);
    expect(progress).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
  });

  it.each([
    ["a damaged model", new ModelFormatError("not a model")],
    ["a fault in the program", new TypeError("x is not a function")],
  ])("stops on %s", async (_title, error) => {
    const recognize = () => Promise.reject(error);
    await expect(evaluateStrings({ recordings: RECORDINGS, recognize })).rejects.toBe(error);
  });

  it("reports on no recordings", async () => {
    const { report } = await evaluateStrings({ recordings: [], recognize: hearAll });
    expect(report).toMatchObject({ n: 0, digitErrorRate: null, stringAccuracy: null });
  });

  it("ends with the reason of the signal", async () => {
    const controller = new AbortController();
    const recognize = async (recording: SpokenString) => {
      controller.abort(new Error("called off"));
      return hearAll(recording);
    };
    const { signal } = controller;
    await expect(evaluateStrings({ recordings: RECORDINGS, recognize, signal })).rejects.toThrow(
      "called off",
    );
  });
});
