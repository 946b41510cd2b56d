import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAudioName, listAudioNames, listFolder, listFolderNames } from "./list-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "list-test-"));
  await mkdir(join(folder, "sub.wav"));
  await mkdir(join(folder, ".hidden"));
  for (const name of ["b.flac", "a.WAV", "B.ogg", ".c.wav", "README.md"])
    await writeFile(join(folder, name), "");
});

afterEach(() => rm(folder, { recursive: true }));

describe("listFolder", () => {
  it("sorts entries by code unit", async () => {
    const names = (await listFolder("test", folder)).map((entry) => entry.name);
    expect(names).toEqual([".c.wav", ".hidden", "B.ogg", "README.md", "a.WAV", "b.flac", "sub.wav"]);
  });

  it("finds nothing in a folder that is not there and in a file", async () => {
    expect(await listFolder("test", join(folder, "absent"))).toEqual([]);
    expect(await listFolder("test", join(folder, "README.md"))).toEqual([]);
  });

  it("names the caller and the folder when it cannot be read", async () => {
    const bad = join(folder, "a\0b");
    await expect(listFolder("readThings", bad)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining("readThings"),
    });
  });
});

describe("listAudioNames", () => {
  it("lists files with the end of a name of audio, whatever its case, without hidden ones and folders", async () => {
    expect(await listAudioNames("test", folder)).toEqual(["B.ogg", "a.WAV", "b.flac"]);
  });
});

describe("listFolderNames", () => {
  it("lists folders without hidden ones", async () => {
    expect(await listFolderNames("test", folder)).toEqual(["sub.wav"]);
  });
});

describe("isAudioName", () => {
  it.each(["x.wav", "x.mp3", "x.opus", "x.m4a", "x.aiff", "x.webm"])("takes %s for audio", (name) => {
    expect(isAudioName(name)).toBe(true);
  });

  it.each(["wav", ".wav", "x.txt", "x.wav.part"])("does not take %s for audio", (name) => {
    expect(isAudioName(name)).toBe(false);
  });
});
