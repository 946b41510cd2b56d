// Reader of the Free Spoken Digit Dataset (Jakobovski/free-spoken-digit-dataset): one WAV a word, everything known
// about it in its name.

import { dirname, join } from "node:path";
import { CorpusError } from "../errors.ts";
import type { Corpus } from "./corpora.ts";
import { firstFolder, listFolder } from "./list-folder.ts";
import type { Label, Recording } from "./recording.ts";
import { officialSplit } from "./splits.ts";
import { summaryOf } from "./summary.ts";

/** The `corpus` of every recording read here. */
const FSDD_CORPUS = "fsdd";

/** The corpus; its official test part is that of its README. */
export const FSDD: Corpus = {
  find: findFsddRecordings,
  cached: async (cacheDir) => [(await import("./download-fsdd.ts")).fsddCacheFolder(cacheDir)],
  download: async (options) => (await import("./download-fsdd.ts")).downloadFsdd(options),
  async read(folder) {
    const { train, test } = officialSplit(await readFsdd(folder));
    return {
      training: [{ role: "digits", recordings: train }],
      validation: [],
      test: [{ role: "digits", recordings: test }],
    };
  },
  async summarise(folder) {
    const recordings = await readFsdd(folder);
    const speakers = [...new Set(recordings.map(({ speaker }) => speaker))].sort();
    const { train, test } = officialSplit(recordings);
    return summaryOf(recordings, {
      corpus: "Free Spoken Digit Dataset",
      folder: dirname(recordings[0]!.path),
      speakers: `${speakers.length} (${speakers.join(", ")})`,
      "official split": `${train.length} for training, ${test.length} for testing`,
    });
  },
  isClean: true,
};

const RECORDING_NAME = /^(?<digit>\d)_(?<speaker>.+)_(?<take>\d+)\.wav$/i;

/**
 * Lists the recordings of the Free Spoken Digit Dataset. Nothing is decoded.
 *
 * @param folder The folder of the `{digit}_{speaker}_{take}.wav` files, or one that holds them as `recordings/` or
 *   `fsdd/recordings/`. Files of other types (a README) and hidden ones are passed over.
 * @returns One entry a file, in the order of file names by code unit; `path` starts with `folder`.
 * @throws {CorpusError} `corpus-missing`: no WAV in any of the three places; `corpus-format`: a WAV of another name.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function readFsdd(folder: string): Promise<Recording[]> {
  const recordingsFolder = await findFsddRecordings(folder);
  const names = await listWavNames(recordingsFolder);
  return names.map((name) => parseRecording(recordingsFolder, name));
}

/**
 * The folder below `folder` that holds the WAV files of the data set: `recordings/`, `fsdd/recordings/` or itself,
 * the first of them with a WAV in it.
 *
 * @throws {CorpusError} `corpus-missing`: none of the three has one; the message says where it looked and what to do.
 * @throws {FileError} A folder is there and cannot be read.
 */
export function findFsddRecordings(folder: string): Promise<string> {
  return firstFolder([join(folder, "recordings"), join(folder, "fsdd", "recordings"), folder], {
    holds: async (candidate) => (await listWavNames(candidate)).length > 0,
    expected: "readFsdd: expected {digit}_{speaker}_{take}.wav files",
    orElse: ", or download the data set with `spoken-digits data`",
  });
}

async function listWavNames(folder: string): Promise<string[]> {
  const entries = await listFolder("readFsdd", folder);
  return entries
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.wav$/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

function parseRecording(folder: string, name: string): Recording {
  const path = join(folder, name);
  const parts = RECORDING_NAME.exec(name)?.groups as
    | { digit: string; speaker: string; take: string }
    | undefined;
  if (!parts) {
    throw new CorpusError(
      "corpus-format",
      `readFsdd: expected a name like 7_jackson_32.wav ({digit}_{speaker}_{take}.wav), got ${path}`,
    );
  }
  return {
    path,
    label: Number(parts.digit) as Label,
    speaker: parts.speaker,
    corpus: FSDD_CORPUS,
    take: Number(parts.take),
  };
}
