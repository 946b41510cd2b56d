// Digits, letters, words and numbers by synthetic voices, as `synthesizeVoices` lays them out. All of them train: they say
// nothing of how well people are understood.

import { DIGIT_WORDS } from "../model/prediction.ts";
import type { Corpus } from "./corpora.ts";
import { type FluentRecording, readConnectedSpeech } from "./fluent-speech.ts";
import type { Label, Recording } from "./recording.ts";
import { summaryOf } from "./summary.ts";
import { findWordTable } from "./word-table.ts";

const CORPUS = "synthesized";

/** The corpus. */
export const SYNTHESIZED: Corpus = {
  find: findWordTable,
  async read(folder) {
    const recordings = await readSynthesizedSpeech(folder);
    const ofRole = (role: "digits" | "negatives" | "fluent") => ({
      role,
      recordings: recordings.filter((recording) => roleOf(recording) === role),
    });
    return {
      training: [ofRole("digits"), ofRole("negatives"), ofRole("fluent")],
      validation: [],
      test: [],
    };
  },
  summarise: async (folder) => summaryOf(await readSynthesizedSpeech(folder), { corpus: CORPUS, folder }),
  isClean: true,
};

/**
 * Lists the recordings. Nothing is decoded.
 *
 * @param folder The folder of `words.tsv`.
 * @returns Digits by themselves, labelled; all else is "none", with what is said.
 * @throws {CorpusError} `corpus-missing`: there is no table; `corpus-format`: a line of it is damaged.
 * @throws {FileError} It is there and cannot be read.
 */
export async function readSynthesizedSpeech(folder: string): Promise<Recording[]> {
  return (await readConnectedSpeech(folder)).map(labelled);
}

function labelled({ text, part: _, ...recording }: FluentRecording): Recording {
  const digit = DIGIT_WORDS.indexOf(text);
  const label = digit < 0 ? "none" : (digit as Label);
  const isAlone = !text.includes(" ");
  return { ...recording, label, corpus: CORPUS, ...(isAlone && { word: text }) };
}

function roleOf({ label, word }: Recording): "digits" | "negatives" | "fluent" {
  if (word === undefined) return "fluent";
  return label === "none" ? "negatives" : "digits";
}
