// Speech of many voices in which nobody says an English digit: a folder for each voice, its recordings in it.

import { join } from "node:path";
import { CorpusError } from "../errors.ts";
import type { Corpus } from "./corpora.ts";
import { listAudioNames, listFolderNames } from "./list-folder.ts";
import type { Recording } from "./recording.ts";
import { summaryOf } from "./summary.ts";

const VOICES_CORPUS = "voices";

/** The corpus: all of it trains. */
export const VOICES: Corpus = {
  find: async (folder) => folder,
  async read(folder) {
    return { training: [{ role: "voices", recordings: await readVoices(folder) }], validation: [], test: [] };
  },
  summarise: async (folder) => summaryOf(await readVoices(folder), { corpus: VOICES_CORPUS, folder }),
};

/**
 * Lists the recordings of voices, all labelled "none": words, phrases or sentences of any length, in any language. What
 * `gatherVoices` gathers is laid out so. Nothing is decoded.
 *
 * @param folder The folder of the voices' folders, or one that holds it as `voices/`.
 * @returns One entry a recording, sorted by voice and name; `speaker` is the voice's folder.
 * @throws {CorpusError} `corpus-missing`: no folder with recordings in either place.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function readVoices(folder: string): Promise<Recording[]> {
  for (const root of [join(folder, VOICES_CORPUS), folder]) {
    const recordings = await readVoicesIn(root);
    if (recordings.length > 0) return recordings;
  }
  throw new CorpusError(
    "corpus-missing",
    `readVoices: expected a folder of recordings for each voice in ${folder}, found none; ` +
      "gather some with `spoken-digits voices gather FOLDER`",
  );
}

async function readVoicesIn(root: string): Promise<Recording[]> {
  const voices = await listFolderNames("readVoices", root);
  const lists = await Promise.all(
    voices.map(async (speaker) => {
      const names = await listAudioNames("readVoices", join(root, speaker));
      return names.map(
        (name): Recording => ({
          path: join(root, speaker, name),
          label: "none",
          speaker,
          corpus: VOICES_CORPUS,
        }),
      );
    }),
  );
  return lists.flat();
}
