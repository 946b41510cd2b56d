import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ArchiveEntry, makeArchive } from "../../test/support/corpus-archives.ts";
import { unpackSpeechCommands } from "./unpack-speech-commands.ts";

const ENTRIES: readonly ArchiveEntry[] = [
  { name: "./", type: "directory" },
  { name: "./README.md", content: "# Speech Commands" },
  { name: "./testing_list.txt", content: "one/aa_nohash_0.wav" },
  { name: "./one/", type: "directory" },
  { name: "./one/aa_nohash_0.wav", content: "one a" },
  { name: "./one/bb_nohash_1.wav", content: "one b" },
  { name: "two/aa_nohash_0.wav", content: "two a" },
  { name: "./wow/aa_nohash_0.wav", content: "wow a" },
  { name: "./_background_noise_/running_tap.wav", content: "tap" },
  { name: "./_background_noise_/README.md", content: "noise" },
];

let outer: string;
let folder: string;

beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), "unpack-test-"));
  folder = join(outer, "deep", "corpus");
  await mkdir(folder, { recursive: true });
});

afterEach(() => rm(outer, { recursive: true }));

async function unpack(
  archive: Uint8Array,
  options: Partial<Parameters<typeof unpackSpeechCommands>[2]> = {},
): Promise<Record<string, number>> {
  const path = join(outer, "archive.tar.gz");
  await writeFile(path, archive);
  return unpackSpeechCommands(path, folder, { words: ["one", "two", "_background_noise_"], ...options });
}

async function listFiles(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

describe("unpackSpeechCommands", () => {
  it("writes the recordings of the words wanted and nothing else, and counts them", async () => {
    expect(await unpack(await makeArchive(ENTRIES))).toEqual({ one: 2, two: 1, _background_noise_: 1 });
    expect(await listFiles()).toEqual(
      [
        "_background_noise_/running_tap.wav",
        "one/aa_nohash_0.wav",
        "one/bb_nohash_1.wav",
        "two/aa_nohash_0.wav",
      ].map((path) => path.replaceAll("/", sep)),
    );
    expect(await readFile(join(folder, "one", "bb_nohash_1.wav"), "utf8")).toBe("one b");
    expect((await readdir(folder)).sort()).toEqual(["_background_noise_", "one", "two"]);
  });

  it("makes files that their owner alone may change, whatever the archive says", async () => {
    await unpack(await makeArchive(ENTRIES.map((entry) => ({ ...entry, mode: 0o6777 }))));
    const { mode } = await stat(join(folder, "one", "aa_nohash_0.wav"));
    expect(mode & 0o7133).toBe(0);
  });

  it.each([
    "../one/evil_nohash_0.wav",
    "/one/evil_nohash_0.wav",
    "./../one/evil_nohash_0.wav",
    "one/../../evil_nohash_0.wav",
    "one/sub/evil_nohash_0.wav",
    "one\\..\\..\\evil_nohash_0.wav",
    "one/..\\evil_nohash_0.wav",
    "C:/one/evil_nohash_0.wav",
    "one/evil_nohash_0.wav/",
    "one/evil_nohash_0.exe",
    "one/evil.wav",
    "../evil_nohash_0.wav",
  ])("takes nothing from an entry named %s", async (name) => {
    await unpack(await makeArchive([{ name, content: "evil" }, ...ENTRIES]));
    const all = await readdir(outer, { recursive: true });
    expect(all.filter((path) => path.includes("evil"))).toEqual([]);
  });

  it.each(["symlink", "link"] as const)("refuses a recording that is a %s", async (type) => {
    const entry: ArchiveEntry = { name: "one/cc_nohash_0.wav", type, linkname: "/etc/passwd" };
    await expect(unpack(await makeArchive([...ENTRIES, entry]))).rejects.toMatchObject({
      code: "corpus-download",
      message: expect.stringContaining(type),
    });
  });

  it.each(["one/aa_nohash_0.wav", "./one/AA_nohash_0.wav"])(
    "refuses a recording that is there twice: %s",
    async (name) => {
      await expect(unpack(await makeArchive([...ENTRIES, { name, content: "x" }]))).rejects.toMatchObject({
        code: "corpus-download",
        message: expect.stringContaining("twice"),
      });
    },
  );

  it("refuses a recording that is too large, and an archive that unpacks to more than it may", async () => {
    const large = { name: "one/cc_nohash_0.wav", content: "x".repeat(17 * 1024 * 1024) };
    await expect(unpack(await makeArchive([...ENTRIES, large]))).rejects.toThrow(
      /to be at most 16777216 bytes/,
    );
    await expect(unpack(await makeArchive(ENTRIES), { maxUnpackedBytes: 1000 })).rejects.toThrow(
      /at most 1000 bytes unpacked/,
    );
  });

  it("names the words of which there is nothing", async () => {
    const words = ["one", "three", "four"];
    await expect(unpack(await makeArchive(ENTRIES), { words })).rejects.toThrow(
      /no recordings of three, four/,
    );
  });

  it("notices an archive that is cut, changed, or none", async () => {
    const archive = await makeArchive(ENTRIES);
    const changed = archive.slice();
    // The check sum of gzip is in the last eight bytes.
    changed[changed.length - 6]! ^= 1;
    for (const bytes of [archive.slice(0, -20), changed, new Uint8Array([1, 2, 3]), gzipSync("no tar")]) {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await expect(unpack(bytes)).rejects.toMatchObject({ code: "corpus-download" });
    }
  });

  it("notices a tar archive that ends within a recording", async () => {
    const tar = gunzipSync(await makeArchive(ENTRIES));
    await expect(unpack(gzipSync(tar.subarray(0, 5 * 512 + 3)))).rejects.toMatchObject({
      code: "corpus-download",
    });
  });

  it("names an archive that cannot be read", async () => {
    const path = join(outer, "absent.tar.gz");
    await expect(unpackSpeechCommands(path, folder, { words: ["one"] })).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(path),
    });
  });

  it("ends when it is called off", async () => {
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(unpack(await makeArchive(ENTRIES), { signal })).rejects.toThrow("called off");
  });
});
