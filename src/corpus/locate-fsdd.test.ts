import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerWith, makeArchive, SMALL_ARCHIVE_DIGEST, serveArchive } from "./archive-fixture.ts";
import { fsddCacheFolder } from "./download-fsdd.ts";
import { locateFsdd } from "./locate-fsdd.ts";

let folder: string;
let cacheDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "locate-test-"));
  cacheDir = join(folder, "cache");
  vi.stubEnv("SPOKEN_DIGITS_DATA", "");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function addDataSet(...parts: string[]): Promise<string> {
  const recordings = join(folder, ...parts);
  await mkdir(recordings, { recursive: true });
  await writeFile(join(recordings, "0_theo_0.wav"), "");
  return recordings;
}

describe("locateFsdd", () => {
  it("takes the folder named by the user before all else", async () => {
    const named = await addDataSet("named");
    vi.stubEnv("SPOKEN_DIGITS_DATA", join(await addDataSet("variable", "fsdd", "recordings"), "..", ".."));
    expect(await locateFsdd({ data: named, cacheDir })).toBe(named);
  });

  it("takes SPOKEN_DIGITS_DATA, a folder that holds fsdd/recordings or is the data set", async () => {
    const recordings = await addDataSet("data", "fsdd", "recordings");
    for (const data of [join(folder, "data"), join(folder, "data", "fsdd"), recordings]) {
      vi.stubEnv("SPOKEN_DIGITS_DATA", data);
      expect(await locateFsdd({ cacheDir })).toBe(recordings);
    }
  });

  it("does not look elsewhere when the folder named does not hold it", async () => {
    await addDataSet("cache", "fsdd-26eb9aaf76e8", "recordings");
    vi.stubEnv("SPOKEN_DIGITS_DATA", join(folder, "wrong"));
    for (const options of [{ cacheDir }, { cacheDir, data: join(folder, "wrong") }]) {
      await expect(locateFsdd(options)).rejects.toMatchObject({
        code: "corpus-missing",
        message: expect.stringContaining(join(folder, "wrong")),
      });
    }
  });

  it("takes the cache when nothing is named, without a download", async () => {
    const recordings = await addDataSet("cache", "fsdd-26eb9aaf76e8", "recordings");
    expect(await locateFsdd({ cacheDir, url: "http://127.0.0.1:1/" })).toBe(recordings);
    expect(await locateFsdd({ cacheDir, download: false })).toBe(recordings);
  });

  it("downloads when it is nowhere", async () => {
    const server = await serveArchive(answerWith(await makeArchive()));
    try {
      const found = await locateFsdd({ cacheDir, url: server.url, digest: SMALL_ARCHIVE_DIGEST });
      expect(found).toBe(join(fsddCacheFolder(cacheDir), "recordings"));
    } finally {
      await server.close();
    }
  });

  it("says what to do when it is nowhere and may not download", async () => {
    await expect(locateFsdd({ cacheDir, download: false })).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringMatching(/--data.*SPOKEN_DIGITS_DATA.*spoken-digits data/),
    });
  });
});
