import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdsDigitWord } from "./digit-words.ts";
import { findOtherSpeech, readOtherSpeech, splitOtherSpeech } from "./other-speech.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "other-speech-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function writeList(...lines: string[]): Promise<void> {
  await writeFile(join(folder, "words.tsv"), ["file\twords", ...lines, ""].join("\n"));
}

describe("readOtherSpeech", () => {
  it("labels all none and keeps what is said, where the list tells", async () => {
    await writeList("an4/an251-fash-b.flac\tyes", "asterisk/hello.flac\t");
    expect((await readOtherSpeech(folder)).recordings).toEqual([
      {
        path: join(folder, "an4", "an251-fash-b.flac"),
        label: "none",
        speaker: "fash",
        corpus: "an4",
        word: "yes",
      },
      { path: join(folder, "asterisk", "hello.flac"), label: "none", speaker: "voice", corpus: "asterisk" },
    ]);
  });

  it.each([
    ["an4/cen1-mjjs2-b.flac", "mjjs2"],
    ["asterisk/digits-10.flac", "voice"],
    ["keywords/hadouken-hadouken_2020_06_28T01_51_22_190Z.flac", "2020_06_28"],
    ["keywords/dracarys-rpi_001.flac", "dracarys-rpi"],
    ["keywords/joke-0001.flac", "joke"],
  ])("tells the speaker of %s by its name", async (file, speaker) => {
    await writeList(`${file}\tstop`);
    expect((await readOtherSpeech(folder)).recordings[0]?.speaker).toBe(speaker);
  });

  it("leaves out what holds a digit word in its text", async () => {
    await writeList("an4/an1-a-b.flac\tenter sixty", "keywords/x-1.flac\ttake_two", "an4/an2-a-b.flac\tgo");
    const { recordings, leftOut } = await readOtherSpeech(folder);
    expect(recordings.map(({ word }) => word)).toEqual(["go"]);
    expect(leftOut.map(({ words, reason }) => [words, reason])).toEqual([
      ["enter sixty", "digit-word"],
      ["take_two", "digit-word"],
    ]);
  });

  it("leaves out prompts that are known to hold a digit or no speech", async () => {
    const names = ["digits-90", "vm-Cust1", "for", "beep", "silence-1", "digits-30", "goodbye"];
    await writeList(...names.map((name) => `asterisk/${name}.flac\t`));
    const { recordings, leftOut } = await readOtherSpeech(folder);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      "digit-word",
      "digit-word",
      "digit-word",
      "no-speech",
      "no-speech",
    ]);
    expect(recordings).toHaveLength(2);
  });

  it("reads Windows line ends", async () => {
    await writeFile(join(folder, "words.tsv"), "file\twords\r\nan4/an251-fash-b.flac\tyes\r\n");
    expect((await readOtherSpeech(folder)).recordings[0]?.word).toBe("yes");
  });

  it.each(["an4/a.flac", "../a.flac\tno", "an4/../a.flac\tno", "music/a.flac\tno", "an4/a.flac\tno\tno"])(
    "names the line that is not a known file and its words: %j",
    async (line) => {
      await writeList("an4/an251-fash-b.flac\tyes", line);
      await expect(readOtherSpeech(folder)).rejects.toMatchObject({
        code: "corpus-format",
        message: expect.stringMatching(/words\.tsv, line 3/),
      });
    },
  );

  it("says where it looked when there is no list", async () => {
    await expect(readOtherSpeech(folder)).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining(join(folder, "other-speech")),
    });
  });

  it("names a list that cannot be read", async () => {
    await mkdir(join(folder, "words.tsv"));
    await expect(readOtherSpeech(folder)).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("findOtherSpeech", () => {
  it("looks below the folder and in it", async () => {
    await writeList();
    expect(await findOtherSpeech(folder)).toBe(folder);
    await mkdir(join(folder, "other-speech"));
    await writeFile(join(folder, "other-speech", "words.tsv"), "file\twords\n");
    expect(await findOtherSpeech(folder)).toBe(join(folder, "other-speech"));
  });
});

describe("splitOtherSpeech", () => {
  it("holds out the speakers of validation and testing, and trains on the one voice", () => {
    const recordings = [
      { path: "1", label: "none", speaker: "0a7c2a8d", corpus: "an4" },
      { path: "2", label: "none", speaker: "53d5b86f", corpus: "an4" },
      { path: "3", label: "none", speaker: "105a0eea", corpus: "keywords" },
      { path: "4", label: "none", speaker: "voice", corpus: "asterisk" },
    ] as const;
    const { training, heldOut } = splitOtherSpeech(recordings);
    expect(training.map(({ path }) => path)).toEqual(["1", "4"]);
    expect(heldOut.map(({ path }) => path)).toEqual(["2", "3"]);
  });
});

describe.skipIf(!process.env.SPOKEN_DIGITS_DATA)("other speech in SPOKEN_DIGITS_DATA", () => {
  it("has no digit word left and no speaker in both parts", async () => {
    const { recordings, leftOut } = await readOtherSpeech(process.env.SPOKEN_DIGITS_DATA!);
    for (const { word = "" } of recordings) expect(holdsDigitWord(word)).toBe(false);
    const { training, heldOut } = splitOtherSpeech(recordings);
    expect(Math.min(training.length, heldOut.length, leftOut.length)).toBeGreaterThan(0);
    const trained = new Set(training.map(({ corpus, speaker }) => `${corpus}/${speaker}`));
    for (const { corpus, speaker } of heldOut) expect(trained).not.toContain(`${corpus}/${speaker}`);
  });
});
