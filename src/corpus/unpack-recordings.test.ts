import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ArchiveEntry, makeArchive, SMALL_ARCHIVE } from "../../test/support/corpus-archives.ts";
import { unpackRecordings } from "./unpack-recordings.ts";

let outer: string;
let folder: string;

beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), "unpack-test-"));
  folder = join(outer, "deep", "recordings");
  await mkdir(folder, { recursive: true });
});

afterEach(() => rm(outer, { recursive: true }));

const listAll = () => readdir(outer, { recursive: true });

describe("unpackRecordings", () => {
  it("writes the recordings and nothing else", async () => {
    expect(await unpackRecordings(await makeArchive(), folder)).toBe(3);
    expect((await readdir(folder)).sort()).toEqual(["0_theo_0.wav", "1_theo_0.wav", "2_jackson_11.wav"]);
    expect(await readFile(join(folder, "2_jackson_11.wav"), "utf8")).toBe("two");
  });

  it("reads an archive whose global header names the commit, as GitHub's does", async () => {
    const entries: ArchiveEntry[] = [
      {
        name: "pax_global_header",
        type: "pax-global-header",
        content: "52 comment=26eb9aaf76e81b692f806f9140c2d2777410d7a1\n",
      },
      ...SMALL_ARCHIVE,
    ];
    expect(await unpackRecordings(await makeArchive(entries), folder)).toBe(3);
  });

  it.each([
    "../recordings/0_evil_0.wav",
    "../../recordings/0_evil_0.wav",
    "/recordings/0_evil_0.wav",
    "/etc/recordings/0_evil_0.wav",
    "top/recordings/../../0_evil_0.wav",
    "top/recordings/..\\..\\0_evil_0.wav",
    "C:\\x\\recordings\\0_evil_0.wav",
    "top/recordings/0_../../evil_0.wav",
    "top/recordings/sub/0_evil_0.wav",
    "top/recordings/0_evil_0.wav/",
    "top/recordings/evil.wav",
  ])("writes nothing outside the folder for an entry named %s", async (name) => {
    const before = await listAll();
    await unpackRecordings(await makeArchive([{ name, content: "evil" }, ...SMALL_ARCHIVE]), folder);
    const added = (await listAll()).filter((path) => !before.includes(path));
    for (const path of added) expect(path.startsWith(join("deep", "recordings"))).toBe(true);
    expect(added.filter((path) => path.includes("evil")).map((path) => path.split(/[\\/]/).length)).toEqual(
      name.startsWith("../recordings") ? [3] : [],
    );
  });

  it.each([
    ["a symbolic link", { type: "symlink", linkname: "/etc/passwd" }, /plain file, got a symlink/],
    ["a hard link", { type: "link", linkname: "../../README.md" }, /plain file, got a link/],
    ["a named pipe", { type: "fifo" }, /plain file, got a fifo/],
    ["too large", { content: "x".repeat(1024 * 1024 + 1) }, /at most 1048576 bytes, got 1048577/],
  ] as const)("rejects a recording that is %s, and writes none", async (_title, header, message) => {
    const entry = { name: "top/recordings/5_evil_0.wav", ...header };
    const archive = await makeArchive([...SMALL_ARCHIVE, entry]);
    await expect(unpackRecordings(archive, folder)).rejects.toMatchObject({
      code: "corpus-download",
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("rejects names that a file system may take for one", async () => {
    const twice = { name: "top/recordings/0_THEO_0.wav", content: "other" };
    await expect(unpackRecordings(await makeArchive([...SMALL_ARCHIVE, twice]), folder)).rejects.toThrow(
      /twice/,
    );
  });

  it("rejects an archive without recordings", async () => {
    await expect(unpackRecordings(await makeArchive(SMALL_ARCHIVE.slice(0, 3)), folder)).rejects.toThrow(
      /holds no recordings/,
    );
  });

  it("calls a cut gzip stream worth another attempt, wherever it is cut", async () => {
    const archive = await makeArchive();
    for (const length of [2, 10, archive.length >> 1, archive.length - 1]) {
      await expect(unpackRecordings(archive.subarray(0, length), folder)).rejects.toMatchObject({
        name: "TransientDownloadError",
      });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it("rejects a whole gzip stream of a cut or damaged tar file", async () => {
    const tar = gunzipSync(await makeArchive());
    const damagedHeader = Buffer.from(tar);
    damagedHeader[3 * 512 + 1]! ^= 0x55;
    for (const bytes of [
      tar.subarray(0, 2000),
      tar.subarray(0, 700),
      damagedHeader,
      Buffer.from("x".repeat(600)),
    ]) {
      await expect(unpackRecordings(gzipSync(bytes), folder)).rejects.toMatchObject({
        code: "corpus-download",
      });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it("rejects a small archive that would unpack to more than 256 MiB", async () => {
    const bomb = gzipSync(Buffer.alloc(257 * 1024 * 1024), { level: 1 });
    await expect(unpackRecordings(bomb, folder)).rejects.toThrow(/at most 268435456 bytes unpacked/);
  });

  it("names a folder that cannot be written", async () => {
    await expect(unpackRecordings(await makeArchive(), join(outer, "absent"))).rejects.toMatchObject({
      code: "file-unreadable",
    });
  });
});
