import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { locateCorpora } from "../corpus/find-corpus.ts";
import type { Recording } from "../corpus/recording.ts";
import { readHeldOutMaterial } from "./held-out-material.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeSmallCorpora();
});
afterAll(() => rm(folder, { recursive: true }));

const names = (list: readonly Recording[] | undefined) =>
  list?.map(({ path, word }) => `${word ?? ""} ${basename(path, ".wav")}`.trim());

describe("readHeldOutMaterial", () => {
  it("lists what training never hears, by test", async () => {
    const { digits, words, noises } = await readHeldOutMaterial(await locateCorpora({ data: folder }));
    expect(Object.keys(digits)).toEqual(["speech-commands-validation", "fsdd-official"]);
    expect(names(digits["speech-commands-validation"])).toEqual([
      "nils_nohash_0",
      "rob_nohash_1",
      "nils_nohash_0",
    ]);
    expect(names(digits["fsdd-official"])).toEqual(["3_lucas_1", "7_theo_0"]);
    expect(names(words["unheard-words"])).toEqual(["cat bob_nohash_0", "yes nils_nohash_0"]);
    expect(names(words["unheard-words-and-voices"])).toEqual(["yes nils_nohash_0"]);
    expect(names(words["other-words"])).toEqual(["bed nils_nohash_0"]);
    expect(names(words["other-speech"])).toEqual(["go home an1-ann-b"]);
    expect(noises.map(({ kind, source }) => `${kind} ${source}`)).toEqual([
      "rain 2",
      "running_tap running_tap",
    ]);
  });

  it("leaves out the tests of a corpus that is not at hand", async () => {
    const { fsdd } = await locateCorpora({ data: folder });
    const { digits, words, noises } = await readHeldOutMaterial({ fsdd });
    expect(Object.keys(digits)).toEqual(["fsdd-official"]);
    expect({ words, noises }).toEqual({ words: {}, noises: [] });
  });

  it("says what is missing when there are no digits at all", async () => {
    const { esc10 } = await locateCorpora({ data: folder });
    await expect(readHeldOutMaterial({ esc10 })).rejects.toMatchObject({ code: "corpus-missing" });
  });
});
