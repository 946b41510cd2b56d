import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataPart } from "./data-part.ts";
import { digitsInText, readConnectedSpeech, readSpeech } from "./fluent-speech.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fluent-speech-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

const writeTable = (...lines: string[]) => writeFile(join(folder, "words.tsv"), lines.join("\n"));
const TIMED = "file\tspeaker\tstart_ms\tend_ms\tword";

describe("readConnectedSpeech", () => {
  it("gathers the words of each recording with their times, none before its beginning", async () => {
    await writeTable(
      TIMED,
      "an4/a.flac\tann\t-30\t250\tenter",
      "an4/a.flac\tann\t250\t600\tsix",
      "an4/b.flac\tbob\t0\t90\toh",
      "",
    );
    expect(await readConnectedSpeech(folder)).toEqual([
      {
        path: join(folder, "an4/a.flac"),
        label: "none",
        corpus: "an4",
        speaker: "ann",
        part: dataPart("ann"),
        text: "enter six",
        words: [
          { word: "enter", startMs: 0, endMs: 250 },
          { word: "six", startMs: 250, endMs: 600 },
        ],
      },
      expect.objectContaining({ speaker: "bob", text: "oh" }),
    ]);
  });

  it("takes each recording of a folder by one voice for a speaker of its own", async () => {
    await writeTable(TIMED, "duke-kunshan/12-1.flac\tduke-kunshan\t0\t200\tone");
    const [recording] = await readConnectedSpeech(folder);
    expect(recording).toMatchObject({ corpus: "duke-kunshan", speaker: "12-1", part: dataPart("12-1") });
  });

  it.each([
    ["another header", ["file\tword", "a/a.flac\tone"], /line 1: expected file, speaker/],
    ["a cell too few", [TIMED, "a/a.flac\tann\t0\t200"], /line 2: expected/],
    ["a time that is none", [TIMED, "a/a.flac\tann\tsoon\t200\tone"], /a time in ms, got "soon"/],
  ])("refuses %s", async (_title, lines, message) => {
    await writeTable(...lines);
    await expect(readConnectedSpeech(folder)).rejects.toMatchObject({
      code: "corpus-format",
      message: expect.stringMatching(message),
    });
  });

  it("says where it looked when there is no table, and when it cannot be read", async () => {
    await expect(readConnectedSpeech(folder)).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining(join(folder, "words.tsv")),
    });
  });
});

describe("readSpeech", () => {
  it("lists recordings without times, by their own names where nobody knows the speaker", async () => {
    await writeTable(
      "file\tspeaker\twords",
      "wuw2/x.flac\twuw2-7\thello there",
      "wake-words/y.flac\t\talexa",
    );
    const recordings = await readSpeech(folder);
    expect(recordings.map(({ speaker }) => speaker)).toEqual(["wuw2-7", "y"]);
    expect(recordings[0]).toMatchObject({ corpus: "wuw2", text: "hello there" });
    expect(recordings[0]!.words).toBeUndefined();
  });
});

describe("digitsInText", () => {
  it.each([
    ["two six eight oh three", "26803"],
    ["j s p nine six nine", "969"],
    ["sixty one", "1"],
    ["double eight triple oh one", "880001"],
    ["double trouble nine", "9"],
    ["", ""],
  ])("finds in %j the digits %j", (text, digits) => {
    expect(digitsInText(text)).toBe(digits);
  });
});
