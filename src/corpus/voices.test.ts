import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readVoices } from "./voices.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "voices-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function addFiles(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("readVoices", () => {
  it("lists the recordings of each voice, and nothing else", async () => {
    await addFiles("CREDITS.txt", "anna/b.ogg", "anna/a.flac", "anna/notes.txt", "bo/c.wav", "stray.wav");
    const none = { label: "none", corpus: "voices" };
    expect(await readVoices(folder)).toEqual([
      { ...none, path: join(folder, "anna", "a.flac"), speaker: "anna" },
      { ...none, path: join(folder, "anna", "b.ogg"), speaker: "anna" },
      { ...none, path: join(folder, "bo", "c.wav"), speaker: "bo" },
    ]);
  });

  it("looks into voices/ first", async () => {
    await addFiles("voices/anna/a.ogg", "other/b.ogg");
    expect((await readVoices(folder)).map(({ speaker }) => speaker)).toEqual(["anna"]);
  });

  it.each(["", "not-there"])("says what it expected in a folder without any (%j)", async (name) => {
    await addFiles("stray.wav");
    await expect(readVoices(join(folder, name))).rejects.toThrow(
      /expected a folder of recordings for each voice in .*, found none; gather some with/,
    );
    await expect(readVoices(join(folder, name))).rejects.toMatchObject({ code: "corpus-missing" });
  });
});
