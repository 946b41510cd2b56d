import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CorpusError } from "../errors.ts";
import { readManifest, readStringManifest } from "./manifest.ts";

let folder: string;
let list: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "manifest-test-"));
  list = join(folder, "list.tsv");
});

afterEach(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array) {
  await writeFile(list, content);
  return readManifest(list);
}

async function readStrings(content: string | Uint8Array) {
  await writeFile(list, content);
  return readStringManifest(list);
}

describe("readManifest", () => {
  it("reads path, label, speaker and corpus", async () => {
    expect(
      await read("path\tlabel\tspeaker\tcorpus\nclips/a.wav\t7\tann\thome\nb.mp3\tnone\tbob\tcar\n"),
    ).toEqual([
      { path: join(folder, "clips", "a.wav"), label: 7, speaker: "ann", corpus: "home" },
      { path: join(folder, "b.mp3"), label: "none", speaker: "bob", corpus: "car" },
    ]);
  });

  it.each([
    ["commas", 'path,label\n"a, b.wav",3\n'],
    ["semicolons, as spreadsheets in Europe write them", "path;label\r\na, b.wav;3\r\n"],
    ["a byte-order mark and old line ends", '\ufeffpath,label\r"a, b.wav",3\r'],
  ])("reads CSV with %s", async (_, content) => {
    const [recording] = await read(content);
    expect(recording).toMatchObject({ path: join(folder, "a, b.wav"), label: 3 });
  });

  it("keeps quotes and commas of tab-separated text as they are", async () => {
    const [recording] = await read('path\tlabel\n"a", b.wav\t3\n');
    expect(recording!.path).toBe(join(folder, '"a", b.wav'));
  });

  it("takes columns in any order and passes over others", async () => {
    expect(await read("corpus\tseconds\tlabel\tpath\nhome\t0.4\t0\ta.wav\n")).toEqual([
      { path: join(folder, "a.wav"), label: 0, speaker: "unknown", corpus: "home" },
    ]);
  });

  it("names speaker and corpus unknown where a column or a cell is missing", async () => {
    const recordings = await read("path\tlabel\tspeaker\tcorpus\na.wav\t1\t\thome\nb.wav\t2\n");
    expect(recordings.map(({ speaker, corpus }) => [speaker, corpus])).toEqual([
      ["unknown", "home"],
      ["unknown", "unknown"],
    ]);
  });

  it("accepts a byte-order mark, Windows line ends, blank lines, stray spaces and a missing last line end", async () => {
    const recordings = await read("\uFEFFpath\t label\r\n\r\na b.wav \t 3\r\n\t\r\n  \r\nдва.wav\t2");
    expect(recordings.map(({ path, label }) => [path, label])).toEqual([
      [join(folder, "a b.wav"), 3],
      [join(folder, "два.wav"), 2],
    ]);
  });

  it("keeps absolute paths", async () => {
    const absolute = resolve(folder, "..", "elsewhere", "a.wav");
    expect((await read(`path\tlabel\n${absolute}\t3\n`))[0]?.path).toBe(absolute);
  });

  it.each([
    ["an empty file", "", 1, /empty file/],
    ["a list without recordings", "path\tlabel\n\n", 1, /got none/],
    ["a list without a label column", "path\tspeaker\na.wav\tann\n", 1, /got no label/],
    ["a list without a path column", "\nfile\tlabel\na.wav\t1\n", 2, /got no path/],
    ["a quote that is not closed", 'path,label\n"a.wav,1\n', 2, /quote/i],
    ["spaces between the columns", "path label\na.wav 1\n", 1, /columns.*"path label"/],
    ["a column named twice", "path\tlabel\tlabel\na.wav\t1\t2\n", 1, /two named label/],
    ["a label that is no digit", "path\tlabel\na.wav\t1\n\nb.wav\tseven\n", 4, /got "seven"/],
    ["a label of two digits", "path\tlabel\na.wav\t10\n", 2, /got "10"/],
    ["a label in capitals", "path\tlabel\na.wav\tNone\n", 2, /got "None"/],
    ["a row without a label", "path\tlabel\na.wav\n", 2, /label 0-9 or none, got an empty cell/],
    ["a row without a path", "path\tlabel\n\t5\n", 2, /expected a path/],
    ["a row with too many cells", "path\tlabel\na.wav\t5\textra\n", 2, /expected 2 cells, got 3/],
  ])("rejects %s, naming the line", async (_title, content, lineNumber, message) => {
    const error = await read(content).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CorpusError);
    expect(error).toMatchObject({ code: "corpus-format", message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(`${list}, line ${lineNumber}:`);
  });

  it("rejects text in another encoding", async () => {
    const utf16 = Buffer.from("\uFEFFpath\tlabel\na.wav\t1\n", "utf16le");
    await expect(read(utf16)).rejects.toMatchObject({
      code: "corpus-format",
      message: expect.stringContaining("UTF-8"),
    });
  });

  it("names a list that is missing", async () => {
    await expect(readManifest(list)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(list),
    });
  });
});

describe("readStringManifest", () => {
  it("reads path, digits, speaker and corpus, in any order", async () => {
    expect(
      await readStrings("digits\tspeaker\tpath\tseconds\tcorpus\n0451\tann\tclips/a.wav\t2.5\thome\n"),
    ).toEqual([{ path: join(folder, "clips", "a.wav"), digits: "0451", speaker: "ann", corpus: "home" }]);
  });

  it("takes an empty cell, or none at the end of a line, for nothing said", async () => {
    const rows = await readStrings("path\tdigits\nrain.wav\t\nsea.wav\n");
    expect(rows).toEqual([
      { path: join(folder, "rain.wav"), digits: "", speaker: "unknown", corpus: "unknown" },
      { path: join(folder, "sea.wav"), digits: "", speaker: "unknown", corpus: "unknown" },
    ]);
  });

  it("reads digits that are grouped as in a phone number", async () => {
    const rows = await readStrings("path\tdigits\na.wav\t0800 555-0199\n");
    expect(rows[0]!.digits).toBe("08005550199");
  });

  it("accepts a byte-order mark, Windows line ends, blank lines and absolute paths", async () => {
    const absolute = resolve(folder, "..", "elsewhere", "два.wav");
    const rows = await readStrings(`\uFEFFpath\t digits\r\n\r\n${absolute}\t 12 \r\n\t\r\n`);
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
    const error = await readStrings(content).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CorpusError);
    expect(error).toMatchObject({ code: "corpus-format", message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(`${list}, line ${lineNumber}:`);
  });

  it("rejects text in another encoding", async () => {
    await expect(readStrings(Buffer.from("\uFEFFpath\tdigits\na.wav\t1\n", "utf16le"))).rejects.toMatchObject(
      {
        code: "corpus-format",
        message: expect.stringContaining("UTF-8"),
      },
    );
  });

  it("names a list that is missing", async () => {
    await expect(readStringManifest(list)).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(list),
    });
  });
});
