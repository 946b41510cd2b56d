import { basename, extname, join } from "node:path";
import { DIGIT_WORDS } from "../model/prediction.ts";
import type { Corpus, CorpusParts } from "./corpora.ts";
import { type DataPart, dataPart } from "./data-part.ts";
import type { Recording } from "./recording.ts";
import { summaryOf } from "./summary.ts";
import { findWordTable, parseTime, readWordTable } from "./word-table.ts";

/**
 * A recording of fluent speech. Its corpus is the folder that it is in; its speaker is the recording's own name where nobody
 * knows, or where one voice says the whole folder.
 */
export type FluentRecording = Recording & {
  part: DataPart;
  /** What is said, in lower case, words between spaces. */
  text: string;
};

/** Folders that one voice says all of. */
const SINGLE_VOICES: ReadonlySet<string> = new Set(["duke-kunshan", "numbers-one-voice"]);

/**
 * Lists the recordings of `connected`: numbers, and sentences with digit words. Nothing is decoded.
 *
 * @param folder The folder of `words.tsv` with the columns `file`, `speaker`, `start_ms`, `end_ms`, `word`.
 * @returns In the order of the table.
 * @throws {CorpusError} `corpus-missing`: there is no table; `corpus-format`: a line of it is damaged.
 * @throws {FileError} It is there and cannot be read.
 */
export async function readConnectedSpeech(folder: string): Promise<FluentRecording[]> {
  const rows = await readWordTable(folder, ["file", "speaker", "start_ms", "end_ms", "word"]);
  const byFile = new Map<string, typeof rows>();
  for (const row of rows) byFile.set(row.file, [...(byFile.get(row.file) ?? []), row]);
  return [...byFile].map(([file, ofFile]) => {
    const words = ofFile.map(({ word, start_ms, end_ms }) => ({
      word,
      startMs: parseTime(folder, start_ms),
      endMs: parseTime(folder, end_ms),
    }));
    const text = words.map(({ word }) => word).join(" ");
    return { ...describe(folder, file, ofFile[0]!.speaker), text, words };
  });
}

/**
 * Lists the recordings of `speech`, in which no digit is said. Nothing is decoded.
 *
 * @param folder The folder of `words.tsv` with the columns `file`, `speaker` (may be empty), `words`.
 * @returns In the order of the table.
 * @throws {CorpusError} `corpus-missing`: there is no table; `corpus-format`: a line of it is damaged.
 * @throws {FileError} It is there and cannot be read.
 */
export async function readSpeech(folder: string): Promise<FluentRecording[]> {
  const rows = await readWordTable(folder, ["file", "speaker", "words"]);
  return rows.map(({ file, speaker, words }) => ({ ...describe(folder, file, speaker), text: words }));
}

/** The digits in a text, "oh" as zero; "double" and "triple" say the next digit again. @param text Words between spaces. */
export function digitsInText(text: string): string {
  let times = 1;
  let digits = "";
  for (const word of text.split(" ")) {
    const digit = word === "oh" ? 0 : DIGIT_WORDS.indexOf(word);
    if (digit >= 0) digits += String(digit).repeat(times);
    times = word === "double" ? 2 : word === "triple" ? 3 : 1;
  }
  return digits;
}

function describe(folder: string, file: string, speaker: string) {
  const corpus = file.split("/")[0]!;
  const isOwnName = speaker !== "" && !SINGLE_VOICES.has(corpus);
  const name = isOwnName ? speaker : basename(file, extname(file));
  return { path: join(folder, file), label: "none" as const, corpus, speaker: name, part: dataPart(name) };
}

/** Numbers and sentences with digit words, each word with its time. */
export const CONNECTED = fluentCorpus("connected", readConnectedSpeech);

/** Sentences, calls, wake words and spelled names without a digit. */
export const SPEECH = fluentCorpus("speech", readSpeech);

function fluentCorpus(name: string, read: (folder: string) => Promise<FluentRecording[]>): Corpus {
  return {
    find: (folder) => findWordTable(join(folder, name)),
    async read(folder): Promise<CorpusParts> {
      const recordings = await read(folder);
      const ofPart = (part: DataPart) => [
        { role: "fluent" as const, recordings: recordings.filter((recording) => recording.part === part) },
      ];
      return { training: ofPart("training"), validation: ofPart("dev"), test: ofPart("test") };
    },
    async summarise(folder) {
      const recordings = await read(folder);
      const count = (part: DataPart) => recordings.filter((recording) => recording.part === part).length;
      const split = `${count("training")} for training, ${count("dev")} for dev, ${count("test")} for testing`;
      return summaryOf(recordings, { corpus: `${name} (fluent)`, folder, split });
    },
    isClean: true,
  };
}
