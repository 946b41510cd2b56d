import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorpusError } from "../errors.ts";
import { readStringManifest } from "./manifest.ts";

let folder: string;
let list: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "string-manifest-test-"));
  list = join(folder, "list.tsv");
});

afterEach(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array) {
  await writeFile(list, content);
  return readStringManifest(list);
}

describe("readStringManifest", () => {
  it("reads path, digits, speaker and corpus, in any order", async () => {
    expect(await read("digits\tspeaker\tpath\tseconds\tcorpus\n0451\tann\tclips/a.wav\t2.5\thome\n")).toEqual(
      [{ path: join(folder, "clips", "a.wav"), digits: "0451", speaker: "ann", corpus: "home" }],
    );
  });

  it("takes an empty cell, or none at the end of a line, for nothing said", async () => {
    const rows = await read("path\tdigits\nrain.wav\t\nsea.wav\n");
    expect(rows).toEqual([
      { path: join(folder, "rain.wav"), digits: "", speaker: "unknown", corpus: "unknown" },
      { path: join(folder, "sea.wav"), digits: "", speaker: "unknown", corpus: "unknown" },
    ]);
  });

  it("reads digits that are grouped as in a phone number", async () => {
    const rows = await read("path\tdigits\na.wav\t0800 555-0199\n");
    expect(rows[0]!.digits).toBe("08005550199");
  });

  it("accepts a byte-order mark, Windows line ends, blank lines and absolute paths", async () => {
    const absolute = resolve(folder, "..", "elsewhere", "два.wav");
    const rows = await read(`\uFEFFpath\t digits\r\n\r\n${absolute}\t 12 \r\n\t\r\n`);
    expect(rows.map(({ path, digits }) => [path, digits])).toEqual([[absolute, "12"]]);
  });

  it.each([
    ["an empty file", "", 1, /empty file/],
    ["a list without recordings", "path\tdigits\n\n", 1, /got none/],
    ["a list for evaluate", "path\tlabel\na.wav\t1\n", 1, /columns path and digits, got no digits/],
    ["a list without a path column", "\nfile\tdigits\na.wav\t1\n", 2, /got no path/],
    ["a column named twice", "path\tdigits\tspeaker\tspeaker\na.wav\t1\ta\tb\n", 1, /two named speaker/],
    ["words", "path\tdigits\na.wav\t1\n\nb.wav\tseven\n", 4, /digits such as 0451.*got "seven"/],
    ["a row without a path", "path\tdigits\n\t5\n", 2, /expected a path/],
    ["a row with too many cells", "path\tdigits\na.wav\t5\textra\n", 2, /expected 2 cells, got 3/],
  ])("rejects %s, naming the line", async (_title, content, lineNumber, message) => {
    const error = await read(content).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CorpusError);
    expect(error).toMatchObject({ code: "corpus-format", message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(`${list}, line ${lineNumber}:`);
  });

  it("rejects text in another encoding", async () => {
    await expect(read(Buffer.from("\uFEFFpath\tdigits\na.wav\t1\n", "utf16le"))).rejects.toMatchObject({
      code: "corpus-format",
      message: expect.stringContaining("UTF-8"),
    });
  });

  it("names a list that is missing", async () => {
    await expect(readStringManifest(list)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(list),
    });
  });
});
