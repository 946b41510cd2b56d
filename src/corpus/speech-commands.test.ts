import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorpusError } from "../errors.ts";
import { findSpeechCommands, readSpeechCommands } from "./speech-commands.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "speech-commands-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function addFiles(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("readSpeechCommands", () => {
  it("labels a digit word with its digit, and takes speaker and number from the name", async () => {
    await addFiles("seven/0a7c2a8d_nohash_3.flac");
    expect((await readSpeechCommands(folder)).recordings).toEqual([
      {
        path: join(folder, "seven", "0a7c2a8d_nohash_3.flac"),
        label: 7,
        speaker: "0a7c2a8d",
        corpus: "speech-commands",
        take: 3,
      },
    ]);
  });

  it("knows all ten digit words", async () => {
    const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    await addFiles(...words.map((word) => `${word}/aa_nohash_0.wav`));
    const { recordings } = await readSpeechCommands(folder);
    const labels = words.map(
      (word) => recordings.find(({ path }) => path.includes(join(folder, word)))?.label,
    );
    expect(labels).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("labels every other word none and keeps the word", async () => {
    await addFiles("one/aa_nohash_0.wav", "wow/aa_nohash_1.wav", "my own word/aa_nohash_2.wav");
    const { recordings } = await readSpeechCommands(folder);
    expect(recordings.map(({ label, word }) => [label, word])).toEqual([
      ["none", "my own word"],
      [1, undefined],
      ["none", "wow"],
    ]);
  });

  it("lists the noise apart", async () => {
    await addFiles("one/aa_nohash_0.wav", "_background_noise_/tap.wav", "_background_noise_/README.md");
    const corpus = await readSpeechCommands(folder);
    expect(corpus.recordings).toHaveLength(1);
    expect(corpus.backgroundNoise).toEqual([join(folder, "_background_noise_", "tap.wav")]);
  });

  it("takes any audio format and passes over lists, hidden files and hidden folders", async () => {
    await addFiles(
      "testing_list.txt",
      "LICENSE",
      "six/a_nohash_0.wav",
      "six/b_nohash_0.FLAC",
      "six/c_nohash_0.opus",
      "six/._a_nohash_0.wav",
      "six/notes.txt",
      ".cache/x.wav",
    );
    expect((await readSpeechCommands(folder)).recordings.map(({ speaker }) => speaker)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it.each(["0a7c2a8d_nohash_x.wav", "_nohash_1.wav", "0a7c2a8d_1.wav", "noise.wav"])(
    "names an audio file of another name: %s",
    async (name) => {
      await addFiles("one/aa_nohash_0.wav", `two/${name}`);
      const error = await readSpeechCommands(folder).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CorpusError);
      expect(error).toMatchObject({ code: "corpus-format" });
      expect((error as Error).message).toContain(join(folder, "two", name));
    },
  );

  it("says where it looked and what to do when there is nothing", async () => {
    await addFiles("cat/aa_nohash_0.wav");
    const error = await readSpeechCommands(folder).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "corpus-missing" });
    for (const hint of [join(folder, "speech-commands"), folder, "--data", "SPOKEN_DIGITS_DATA"])
      expect((error as Error).message).toContain(hint);
  });
});

describe("findSpeechCommands", () => {
  it("looks below the folder first, then in it", async () => {
    await addFiles("nine/aa_nohash_0.wav");
    expect(await findSpeechCommands(folder)).toBe(folder);
    await addFiles("speech-commands/nine/aa_nohash_0.wav");
    expect(await findSpeechCommands(folder)).toBe(join(folder, "speech-commands"));
  });
});
