import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { locateCorpora } from "./find-corpus.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "locate-corpora-test-"));
  vi.stubEnv("SPOKEN_DIGITS_DATA", "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function addFiles(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("locateCorpora", () => {
  it("finds all that lie below the folder named", async () => {
    await addFiles(
      "fsdd/recordings/0_theo_0.wav",
      "speech-commands/zero/aa_nohash_0.flac",
      "noise/esc10/rain/1-2-A.ogg",
      "other-speech/words.tsv",
    );
    const expected = {
      fsdd: join(folder, "fsdd", "recordings"),
      "speech-commands": join(folder, "speech-commands"),
      esc10: join(folder, "noise", "esc10"),
      "other-speech": join(folder, "other-speech"),
    };
    expect(await locateCorpora({ data: folder })).toEqual(expected);
    vi.stubEnv("SPOKEN_DIGITS_DATA", folder);
    expect(await locateCorpora()).toEqual(expected);
  });

  it("passes on a folder of voices", async () => {
    await addFiles("zero/aa_nohash_0.wav");
    expect(await locateCorpora({ data: folder, voices: "voices" })).toEqual({
      "speech-commands": folder,
      voices: "voices",
    });
  });

  it("takes the folder named for the corpus itself, and leaves the others undefined", async () => {
    await addFiles("zero/aa_nohash_0.wav");
    expect(await locateCorpora({ data: folder })).toEqual({ "speech-commands": folder });
  });

  it("says what it expected when the folder named holds none", async () => {
    await expect(locateCorpora({ data: folder })).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining(folder),
    });
  });

  it("passes on why a folder cannot be read", async () => {
    await expect(locateCorpora({ data: "a\0b" })).rejects.toMatchObject({ code: "file-unreadable" });
  });

  it("does not look at the older Speech Commands where the newer is there", async () => {
    await addFiles("speech-commands-0.02/one/aa_nohash_0.wav");
    await mkdir(join(folder, "speech-commands-0.01"));
    await symlink("zero", join(folder, "speech-commands-0.01", "zero"));
    const found = await locateCorpora({ cacheDir: folder });
    expect(found["speech-commands"]).toBe(join(folder, "speech-commands-0.02"));
  });

  it("looks into the cache when no folder is named", async () => {
    await addFiles(
      "fsdd-26eb9aaf76e8/recordings/0_theo_0.wav",
      "speech-commands-0.01/one/aa_nohash_0.wav",
      "esc10/rain/1-2-A.ogg",
    );
    expect(await locateCorpora({ cacheDir: folder })).toEqual({
      fsdd: join(folder, "fsdd-26eb9aaf76e8", "recordings"),
      "speech-commands": join(folder, "speech-commands-0.01"),
      esc10: join(folder, "esc10"),
    });
    await addFiles("speech-commands-0.02/one/aa_nohash_0.wav");
    expect((await locateCorpora({ cacheDir: folder }))["speech-commands"]).toBe(
      join(folder, "speech-commands-0.02"),
    );
  });
});
