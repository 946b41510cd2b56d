import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { CorpusError, FileError } from "../errors.ts";
import type { Corpus } from "./corpora.ts";
import { holdsDigitWord, PROMPTS_WITH_DIGIT_WORDS, PROMPTS_WITHOUT_SPEECH } from "./digit-words.ts";
import { firstFolder } from "./list-folder.ts";
import type { Recording } from "./recording.ts";
import { speakerPart } from "./speech-commands-split.ts";
import { summaryOf } from "./summary.ts";

/** The three collections, each a folder. */
type OtherSpeechSource = "an4" | "asterisk" | "keywords";

/** Why a listed file is not used: a digit or its like is heard in it, or no speech. */
type LeftOutReason = "digit-word" | "no-speech";

/** A listed file that is not used. */
type LeftOutRecording = { path: string; reason: LeftOutReason; words: string };

/** What a folder of other speech holds. */
export type OtherSpeech = {
  /** Labelled "none"; `corpus` is the collection. `word` is what is said, where the list tells. In the list's order. */
  recordings: Recording[];
  /** What was left out, in the list's order. */
  leftOut: LeftOutRecording[];
};

/** Two lists without a speaker in common. */
export type OtherSpeechSplit = { training: Recording[]; heldOut: Recording[] };

/** The corpus. */
export const OTHER_SPEECH: Corpus = {
  find: findOtherSpeech,
  async read(folder) {
    const { training, heldOut } = splitOtherSpeech((await readOtherSpeech(folder)).recordings);
    return {
      training: [
        { role: "negatives", recordings: training.filter((recording) => !isPrompt(recording)) },
        { role: "prompts", recordings: training.filter(isPrompt) },
      ],
      validation: [{ role: "negatives", recordings: heldOut }],
      test: [],
    };
  },
  async summarise(folder) {
    const { recordings, leftOut } = await readOtherSpeech(folder);
    const nLeftOut = leftOut.length;
    const { training, heldOut } = splitOtherSpeech(recordings);
    const speakers = new Set(recordings.map(({ corpus, speaker }) => `${corpus} ${speaker}`));
    return summaryOf(recordings, {
      corpus: "other speech",
      folder,
      recordings: `${recordings.length}, and ${nLeftOut} left out in which a digit is heard or nobody speaks`,
      speakers: String(speakers.size),
      split: `${training.length} for training, ${heldOut.length} for testing`,
    });
  },
};

const LIST_NAME = "words.tsv";
const LISTED_PATH = /^(?<source>an4|asterisk|keywords)\/(?<name>[^/\\]+)$/;
// The speaker stands between the number of the utterance and a trailing letter: an251-fash-b.
const AN4_NAME = /^[a-z]+\d+-(?<speaker>[a-z]+\d*)-b$/;
// A page with a recorder on it: word_2020_06_28T01_51_55_994Z. Contributors have no name, but one says all words in turn.
const DATED_NAME = /_(?<day>\d{4}_\d{2}_\d{2})T/;
// A batch made with one device: dracarys-rpi_001, joke-0001.
const BATCH_NAME = /^(?<batch>.+?)[-_]\d+$/;

/**
 * Lists the recordings of other speech. Left out are those in which a digit is heard, in the text or, for the prompts of
 * `asterisk`, of which the list has none, by their names; and prompts that are tones or silence. Nothing is decoded.
 *
 * @param folder The folder of `words.tsv`, `an4/`, `asterisk/` and `keywords/`, or one that holds it as `other-speech/`.
 * @returns See {@link OtherSpeech}. `speaker` is the speaker's code (an4), `voice` (asterisk, one woman), and for keywords
 *   the day or the batch of the recording, which keeps together what one unknown contributor said.
 * @throws {CorpusError} `corpus-missing`: no `words.tsv` in either place; `corpus-format`: a line of it is not a known
 *   folder's file, a tab and the words.
 * @throws {FileError} The list is there and cannot be read.
 */
export async function readOtherSpeech(folder: string): Promise<OtherSpeech> {
  const root = await findOtherSpeech(folder);
  const text = (await readText(join(root, LIST_NAME))) ?? "";
  const lines = text.split(/\r?\n/).slice(1);
  const entries = lines.flatMap((line, index) => (line === "" ? [] : [parseLine(root, line, index + 2)]));
  return {
    recordings: entries.flatMap((entry) => ("label" in entry ? [entry] : [])),
    leftOut: entries.flatMap((entry) => ("reason" in entry ? [entry] : [])),
  };
}

/**
 * The folder of the collections: `other-speech/` below `folder`, or itself, the first with a `words.tsv`.
 *
 * @throws {CorpusError} `corpus-missing`: neither has one; the message says where it looked and what to do.
 * @throws {FileError} The list is there and cannot be read.
 */
export function findOtherSpeech(folder: string): Promise<string> {
  return firstFolder([join(folder, "other-speech"), folder], {
    holds: async (root) => (await readText(join(root, LIST_NAME))) !== undefined,
    expected: `readOtherSpeech: expected ${LIST_NAME}`,
  });
}

/**
 * Parts other speech by speaker: held out are those whom the rule of Speech Commands puts into validation or testing
 * (`speakerPart`, about a fifth). The one voice of `asterisk` always trains.
 *
 * @param recordings Of {@link readOtherSpeech}.
 * @returns Both lists in the order given; each may be empty.
 */
export function splitOtherSpeech(recordings: readonly Recording[]): OtherSpeechSplit {
  const trains = (recording: Recording) =>
    isPrompt(recording) || speakerPart(recording.speaker) === "training";
  return {
    training: recordings.filter(trains),
    heldOut: recordings.filter((recording) => !trains(recording)),
  };
}

/**
 * The prompts are a role of their own: a quarter of all that is no digit is by that one voice, who says no digit in training,
 * and a net that learns so much of her takes the voice itself for "none".
 */
const isPrompt = ({ corpus }: Recording) => corpus === "asterisk";

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new FileError(`readOtherSpeech: cannot read ${path}: ${message}`, { cause });
  }
}

function parseLine(root: string, line: string, lineNumber: number): Recording | LeftOutRecording {
  const [file, words, ...rest] = line.split("\t");
  const parts = LISTED_PATH.exec(file!)?.groups as { source: OtherSpeechSource; name: string } | undefined;
  if (!parts || words === undefined || rest.length > 0) {
    throw new CorpusError(
      "corpus-format",
      `readOtherSpeech: ${join(root, LIST_NAME)}, line ${lineNumber}: expected a file in an4, asterisk or keywords, ` +
        `a tab and the words, got ${JSON.stringify(line)}`,
    );
  }
  const path = join(root, parts.source, parts.name);
  const stem = basename(parts.name, extname(parts.name));
  const reason = whyLeftOut({ ...parts, stem, words });
  if (reason) return { path, reason, words };
  const speaker = speakerOf(parts.source, stem);
  return { path, label: "none", speaker, corpus: parts.source, ...(words && { word: words }) };
}

function whyLeftOut(of: {
  source: OtherSpeechSource;
  stem: string;
  words: string;
}): LeftOutReason | undefined {
  if (holdsDigitWord(of.words.replaceAll("_", " "))) return "digit-word";
  if (of.source !== "asterisk") return undefined;
  if (PROMPTS_WITHOUT_SPEECH.has(of.stem)) return "no-speech";
  return PROMPTS_WITH_DIGIT_WORDS.has(of.stem) ? "digit-word" : undefined;
}

function speakerOf(source: OtherSpeechSource, stem: string): string {
  if (source === "asterisk") return "voice";
  if (source === "an4") return AN4_NAME.exec(stem)?.groups?.speaker ?? stem;
  return DATED_NAME.exec(stem)?.groups?.day ?? BATCH_NAME.exec(stem)?.groups?.batch ?? stem;
}
