import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ArchiveEntry,
  type ArchiveServer,
  answerStatus,
  answerWith,
  ESC10_ARCHIVE,
  makeArchive,
  serveArchive,
} from "../../test/support/corpus-archives.ts";
import type { DownloadProgress } from "./archive-request.ts";
import { downloadEsc10, ESC10_LAYOUT, esc10CacheFolder } from "./download-esc10.ts";
import { readEsc10 } from "./noise.ts";

let cacheDir: string;
let server: ArchiveServer | undefined;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "esc10-test-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  await rm(cacheDir, { recursive: true });
});

async function download(...listeners: RequestListener[]): Promise<string> {
  server = await serveArchive(...listeners);
  return downloadEsc10({ cacheDir, url: server.url, retryDelayMs: 1 });
}

const serving = async (changed: readonly ArchiveEntry[]) => answerWith(await makeArchive(changed));

describe("downloadEsc10", () => {
  it("puts the clips of the ten kinds into the cache folder, for the reader, and nothing else", async () => {
    const folder = await download(await serving(ESC10_ARCHIVE));
    expect(folder).toBe(esc10CacheFolder(cacheDir));
    expect(await readdir(cacheDir)).toEqual(["esc10"]);
    expect((await readdir(folder)).sort()).toEqual([
      "baby_cry",
      "chainsaw",
      "clock_tick",
      "dog_bark",
      "fire_crackling",
      "helicopter",
      "person_sneeze",
      "rain",
      "rooster",
      "sea_waves",
    ]);
    const clips = await readEsc10(folder);
    expect(clips).toHaveLength(400);
    expect(clips.filter(({ fold }) => fold === 3)).toHaveLength(80);
    expect(await readFile(join(folder, "rain", "1-100-A.ogg"), "utf8")).toBe("OggS 002 - Rain 0");
  });

  it("downloads once, tries again where it may help, and tells how far it is", async () => {
    const archive = await makeArchive(ESC10_ARCHIVE);
    const progress: DownloadProgress[] = [];
    server = await serveArchive(answerStatus(503), answerWith(archive));
    vi.stubEnv("SPOKEN_DIGITS_ESC10_URL", server.url);
    const onProgress = (step: DownloadProgress) => progress.push(step);
    await downloadEsc10({ cacheDir, retryDelayMs: 1, onProgress });
    await downloadEsc10({ cacheDir });
    expect(server.requestCount()).toBe(2);
    expect(progress.at(-1)).toEqual({ receivedBytes: archive.length, totalBytes: archive.length });
  });

  it.each<[string, readonly ArchiveEntry[], string, RegExp]>([
    ["a clip is missing", ESC10_ARCHIVE.slice(0, -1), "corpus-digest", /got 10 kinds with 399 clips/],
    [
      "a clip is no Ogg file",
      [...ESC10_ARCHIVE.slice(0, -1), { ...ESC10_ARCHIVE.at(-1)!, content: "<html>" }],
      "corpus-digest",
      /to be an Ogg file, got "<htm"/,
    ],
    ["there are no clips", ESC10_ARCHIVE.slice(0, 1), "corpus-download", /holds no \{number\} - \{Kind\}/],
  ])("when %s, says so with its advice and leaves nothing", async (_title, changed, code, message) => {
    const error = await download(await serving(changed)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((error as Error).message).toContain("SPOKEN_DIGITS_ESC10_URL");
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it("gives up where trying again would not help", async () => {
    await expect(download(answerStatus(404))).rejects.toMatchObject({ code: "corpus-download" });
    expect(server!.requestCount()).toBe(1);
  });
});

describe("ESC10_LAYOUT", () => {
  it.each([
    ["ESC-10-master/003 - Sea waves/5-1-B.ogg", "sea_waves/5-1-B.ogg"],
    ["./top/Rain/1-17367-A-10.ogg", "rain/1-17367-A-10.ogg"],
    ["top/003 - Sea waves/6-1-B.ogg", undefined],
    ["top/../Rain/1-2-A.ogg/", undefined],
    ["top/deeper/003 - Rain/1-2-A.ogg", undefined],
    ["top/../1-2-A.ogg", undefined],
    ["top/Rain\\..\\x/1-2-A.ogg", undefined],
  ])("takes %s for %s", (entry, path) => {
    expect(ESC10_LAYOUT.pathOf(entry)).toBe(path);
  });
});
