import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEsc10, HELD_OUT_BACKGROUNDS, readEsc10, splitNoise, toNoiseRecordings } from "./noise.ts";
import { readSpeechCommands } from "./speech-commands.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "noise-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function addFiles(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("readEsc10", () => {
  it("takes the kind from the folder, fold and source from the name", async () => {
    await addFiles("sea_waves/2-17367-B.ogg");
    expect(await readEsc10(folder)).toEqual([
      {
        path: join(folder, "sea_waves", "2-17367-B.ogg"),
        kind: "sea_waves",
        source: "17367",
        corpus: "esc10",
        fold: 2,
      },
    ]);
  });

  it("reads the published names of folders, and clips named as in ESC-50", async () => {
    await addFiles("003 - Sea waves/2-17367-B.ogg", "005 - Clock tick/1-21934-A-38.wav");
    expect((await readEsc10(folder)).map(({ kind, source }) => [kind, source])).toEqual([
      ["sea_waves", "17367"],
      ["clock_tick", "21934"],
    ]);
  });

  it("passes over what is not audio", async () => {
    await addFiles("README.md", "rain/1-2-A.ogg", "rain/notes.txt", "rain/.x.ogg");
    expect(await readEsc10(folder)).toHaveLength(1);
  });

  it("names an audio file of another name", async () => {
    await addFiles("rain/1-2-A.ogg", "rain/storm.ogg");
    await expect(readEsc10(folder)).rejects.toMatchObject({
      code: "corpus-format",
      message: expect.stringContaining(join(folder, "rain", "storm.ogg")),
    });
  });

  it("says where it looked when there is nothing, also in a folder of other audio", async () => {
    await addFiles("zero/aa_nohash_0.wav");
    await expect(readEsc10(folder)).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining(join(folder, "noise", "esc10")),
    });
  });
});

describe("findEsc10", () => {
  it.each(["noise/esc10", "esc10", "."])("looks into %s", async (below) => {
    await addFiles(join(below, "rain", "1-2-A.ogg"));
    expect(await findEsc10(folder)).toBe(join(folder, below));
  });
});

describe("toNoiseRecordings", () => {
  it("names kind and source after the file", () => {
    const path = join("data", "_background_noise_", "running_tap.wav");
    expect(toNoiseRecordings([path])).toEqual([
      { path, kind: "running_tap", source: "running_tap", corpus: "speech-commands" },
    ]);
  });
});

describe("splitNoise", () => {
  it("holds out the third fold of ESC-10 and two background recordings", () => {
    const folds = [1, 2, 3, 4, 5].map((fold) => ({
      path: "",
      kind: "rain",
      source: `${fold}`,
      corpus: "esc10",
      fold,
    }));
    const backgrounds = toNoiseRecordings(["running_tap.wav", "pink_noise.wav", "dude_miaowing.flac"]);
    const { training, heldOut } = splitNoise([...folds, ...backgrounds]);
    expect(training.map(({ source }) => source)).toEqual(["1", "2", "4", "5", "pink_noise"]);
    expect(heldOut.map(({ source }) => source)).toEqual(["3", "running_tap", "dude_miaowing"]);
  });
});

describe.skipIf(!process.env.SPOKEN_DIGITS_DATA)("noise in SPOKEN_DIGITS_DATA", () => {
  it("has no source in both parts and every kind of ESC-10 in each", async () => {
    const data = process.env.SPOKEN_DIGITS_DATA!;
    const { backgroundNoise } = await readSpeechCommands(data);
    const { training, heldOut } = splitNoise([
      ...(await readEsc10(data)),
      ...toNoiseRecordings(backgroundNoise),
    ]);
    const sources = new Set(training.map(({ corpus, source }) => `${corpus}/${source}`));
    for (const { corpus, source } of heldOut) expect(sources).not.toContain(`${corpus}/${source}`);
    const kindsOf = (part: typeof training) =>
      new Set(part.filter(({ corpus }) => corpus === "esc10").map(({ kind }) => kind));
    expect(kindsOf(heldOut)).toEqual(kindsOf(training));
    const held = heldOut.filter(({ corpus }) => corpus !== "esc10").map(({ source }) => source);
    expect(held).toEqual(HELD_OUT_BACKGROUNDS);
  });
});
