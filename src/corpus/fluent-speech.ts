// Readers of fluent speech: numbers and sentences with the time of every word, and speech without a digit.

import { basename, extname, join } from "node:path";
import type { DataPart } from "./data-part.ts";
import { dataPart } from "./data-part.ts";
import { DIGIT_WORDS } from "./speech-commands.ts";
import { parseTime, readWordTable } from "./word-table.ts";

/** A word of a recording. */
export type TimedWord = { word: string; startMs: number; endMs: number };

/** A recording of fluent speech. */
export type FluentRecording = {
  /** Readable from the working directory. */
  path: string;
  /** The folder that it is in. */
  corpus: string;
  /** Who speaks; the recording's own name where nobody knows, or where one voice says the whole folder. */
  speaker: string;
  part: DataPart;
  /** What is said, in lower case, words between spaces. */
  text: string;
  /** The words in their order; undefined where their times are not known. What is between them is silence. */
  words?: readonly TimedWord[];
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
  return { path: join(folder, file), corpus, speaker: name, part: dataPart(name) };
}
