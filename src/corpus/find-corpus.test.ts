import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  answerStatus,
  answerWith,
  ESC10_ARCHIVE,
  makeArchive,
  serveArchive,
} from "../../test/support/corpus-archives.ts";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { findCorpus } from "./find-corpus.ts";

const NAMES = ["fsdd", "esc10", "speech-commands", "other-speech"] as const;

let data: string;
let cacheDir: string;
beforeAll(async () => {
  data = await makeSmallCorpora();
});
beforeEach(() => {
  cacheDir = join(data, "cache");
  vi.stubEnv("SPOKEN_DIGITS_DATA", "");
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rm(data, { recursive: true }));

describe("findCorpus", () => {
  const folders = {
    fsdd: ["fsdd", "recordings"],
    "speech-commands": ["speech-commands"],
    esc10: ["noise", "esc10"],
    "other-speech": ["other-speech"],
  };

  it.each(NAMES)("finds %s in the folder named", async (name) => {
    const folder = join(data, ...folders[name]);
    expect(await findCorpus(name, { data, cacheDir })).toBe(folder);
    vi.stubEnv("SPOKEN_DIGITS_DATA", data);
    expect(await findCorpus(name, { cacheDir })).toBe(folder);
  });

  it.each(NAMES)("does not look for %s elsewhere when the folder named has none", async (name) => {
    const wrong = join(data, "nowhere");
    await expect(findCorpus(name, { data: wrong, cacheDir })).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining(wrong),
    });
  });

  it("takes the version of Speech Commands that is in the cache", async () => {
    const older = join(cacheDir, "speech-commands-0.01");
    const words =
      "zero one two three four five six seven eight nine bed bird cat dog down go happy house left marvin";
    for (const word of [...words.split(" "), ..."right sheila tree up wow _background_noise_".split(" ")]) {
      await mkdir(join(older, word), { recursive: true });
      await writeFile(join(older, word, "aa_nohash_0.wav"), "");
    }
    expect(await findCorpus("speech-commands", { cacheDir, version: "0.01" })).toBe(older);
  });

  it("downloads what is in no folder named, and says how far it is", async () => {
    const server = await serveArchive(answerWith(await makeArchive(ESC10_ARCHIVE)));
    vi.stubEnv("SPOKEN_DIGITS_ESC10_URL", server.url);
    const onProgress = vi.fn();
    try {
      expect(await findCorpus("esc10", { cacheDir, onProgress })).toBe(join(cacheDir, "esc10"));
      expect(onProgress).toHaveBeenCalled();
    } finally {
      await server.close();
    }
  });

  it.each(["fsdd", "speech-commands", "esc10"] as const)(
    "passes on why %s cannot be downloaded",
    async (name) => {
      const server = await serveArchive(answerStatus(404));
      for (const variable of ["FSDD", "SPEECH_COMMANDS", "ESC10"]) {
        vi.stubEnv(`SPOKEN_DIGITS_${variable}_URL`, server.url);
      }
      try {
        const finding = findCorpus(name, { cacheDir: join(cacheDir, name) });
        await expect(finding).rejects.toMatchObject({ code: "corpus-download" });
      } finally {
        await server.close();
      }
    },
  );

  it("says that other speech cannot be downloaded", async () => {
    await expect(findCorpus("other-speech", { cacheDir })).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringContaining("--data"),
    });
  });

  it("takes the folder named by the user before all else", async () => {
    const named = await addFsdd("named");
    const variable = await addFsdd("variable", "fsdd", "recordings");
    vi.stubEnv("SPOKEN_DIGITS_DATA", join(variable, "..", ".."));
    expect(await findCorpus("fsdd", { data: named, cacheDir })).toBe(named);
  });

  it("takes SPOKEN_DIGITS_DATA, a folder that holds fsdd/recordings or is the data set", async () => {
    const recordings = await addFsdd("named-by-variable", "fsdd", "recordings");
    for (const folder of [join(recordings, "..", ".."), join(recordings, ".."), recordings]) {
      vi.stubEnv("SPOKEN_DIGITS_DATA", folder);
      expect(await findCorpus("fsdd", { cacheDir })).toBe(recordings);
    }
  });

  it("takes the cache when nothing is named, without a download", async () => {
    const recordings = await addFsdd("cache", "fsdd-26eb9aaf76e8", "recordings");
    vi.stubEnv("SPOKEN_DIGITS_FSDD_URL", "http://127.0.0.1:1/");
    expect(await findCorpus("fsdd", { cacheDir })).toBe(recordings);
    vi.stubEnv("SPOKEN_DIGITS_DATA", join(data, "nowhere"));
    await expect(findCorpus("fsdd", { cacheDir })).rejects.toMatchObject({ code: "corpus-missing" });
  });
});

async function addFsdd(...parts: string[]): Promise<string> {
  const recordings = join(data, ...parts);
  await mkdir(recordings, { recursive: true });
  await writeFile(join(recordings, "0_theo_0.wav"), "");
  return recordings;
}
