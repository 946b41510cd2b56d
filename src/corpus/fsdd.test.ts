import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorpusError } from "../errors.ts";
import { findFsddRecordings, readFsdd } from "./fsdd.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fsdd-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function addFiles(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("readFsdd", () => {
  it("reads digit, speaker and take from the file name", async () => {
    await addFiles("7_jackson_32.wav");
    expect(await readFsdd(folder)).toEqual([
      { path: join(folder, "7_jackson_32.wav"), label: 7, speaker: "jackson", corpus: "fsdd", take: 32 },
    ]);
  });

  it("keeps underscores and other alphabets in speaker names", async () => {
    await addFiles("0_mary_ann_3.wav", "1_Олена_4.wav");
    const speakers = (await readFsdd(folder)).map((recording) => recording.speaker);
    expect(speakers).toEqual(["mary_ann", "Олена"]);
  });

  it("sorts by file name, whatever the order on disk", async () => {
    await addFiles("1_theo_0.wav", "0_theo_10.wav", "0_theo_2.wav", "0_Theo_2.wav");
    const takes = (await readFsdd(folder)).map((recording) => recording.path.slice(folder.length + 1));
    expect(takes).toEqual(["0_Theo_2.wav", "0_theo_10.wav", "0_theo_2.wav", "1_theo_0.wav"]);
  });

  it.each([["recordings"], ["fsdd/recordings"]])("looks into %s below the folder", async (below) => {
    await addFiles(`${below}/3_lucas_1.wav`);
    expect((await readFsdd(folder))[0]?.path).toBe(join(folder, below, "3_lucas_1.wav"));
  });

  it("passes over a README, hidden files and folders that look like recordings", async () => {
    await addFiles("README.md", "._0_theo_1.wav", "0_theo_1.wav", "1_theo_1.wav/x.txt");
    expect(await readFsdd(folder)).toHaveLength(1);
  });

  it.each(["seven_jackson_1.wav", "10_jackson_1.wav", "1_jackson.wav", "1__2.wav.wav", "1_jackson_x.wav"])(
    "names a WAV that is not called digit_speaker_take: %s",
    async (name) => {
      await addFiles("0_theo_0.wav", name);
      const error = await readFsdd(folder).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CorpusError);
      expect(error).toMatchObject({ code: "corpus-format" });
      expect((error as Error).message).toContain(join(folder, name));
    },
  );

  it("says where it looked and what to do when there is nothing", async () => {
    const error = await readFsdd(join(folder, "absent")).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "corpus-missing" });
    for (const hint of [
      join(folder, "absent", "fsdd", "recordings"),
      "--data",
      "SPOKEN_DIGITS_DATA",
      "spoken-digits data",
    ]) {
      expect((error as Error).message).toContain(hint);
    }
  });
});

describe("findFsddRecordings", () => {
  it("passes over an empty recordings folder", async () => {
    await mkdir(join(folder, "recordings"));
    await addFiles("0_theo_0.wav");
    expect(await findFsddRecordings(folder)).toBe(folder);
  });

  it("takes a file for a folder that is missing", async () => {
    await addFiles("list.txt");
    await expect(findFsddRecordings(join(folder, "list.txt"))).rejects.toMatchObject({
      code: "corpus-missing",
    });
  });
});
