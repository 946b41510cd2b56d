// What is in a corpus, in a few lines.

import { dirname } from "node:path";
import type { CorpusName } from "../corpus/find-corpus.ts";
import type { Recording } from "../corpus/recording.ts";

type Rows = [name: string, value: string][];

/** A corpus as `data` shows it. */
export type CorpusSummary = {
  /** Name and value of each line. */
  rows: Rows;
  /** Recordings of speech, which can be looked through for broken ones. */
  recordings: Recording[];
};

/**
 * Reads the lists of a corpus and sums them up. Nothing is decoded.
 *
 * @param name Which corpus.
 * @param folder Of `findCorpus`.
 * @throws {CorpusError} It is not laid out as expected.
 * @throws {FileError} A folder cannot be read.
 */
export async function summariseCorpus(name: CorpusName, folder: string): Promise<CorpusSummary> {
  return SUMMARIES[name](folder);
}

/**
 * Rows as lines.
 *
 * @param rows Name and value of each.
 * @returns Each ended by a line feed.
 */
export function formatRows(rows: Rows): string {
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}\n`).join("");
}

/**
 * Decodes recordings and counts those that training would not use, by the rules of `cleanRecordings`.
 *
 * @param recordings Of one corpus.
 * @param options.onProgress Called after each file with how many are done and how many there are.
 * @param options.signal Ends the work; the promise then rejects with the signal's reason.
 * @throws {AudioFormatError} A file cannot be decoded.
 * @throws {FileError} A file cannot be read.
 */
export async function countBroken(
  recordings: readonly Recording[],
  options: { onProgress?: (nDone: number, nTotal: number) => void; signal?: AbortSignal } = {},
): Promise<Rows> {
  const [{ loadSamples }, { cleanRecordings }] = await Promise.all([
    import("../corpus/load-samples.ts"),
    import("../corpus/clean-recordings.ts"),
  ]);
  const samples = await loadSamples(recordings, options);
  const { counts, dropped } = cleanRecordings(
    recordings.map((recording, i) => ({ recording, samples: samples[i]! })),
  );
  const reasons = Object.entries(counts).map(([reason, n]) => `${n} ${reason}`);
  return [["broken", `${dropped.length} of ${recordings.length}: ${reasons.join(", ")}`]];
}

const SUMMARIES: Record<CorpusName, (folder: string) => Promise<CorpusSummary>> = {
  fsdd: async (folder) => {
    const [{ readFsdd }, { officialSplit }] = await Promise.all([
      import("../corpus/fsdd.ts"),
      import("../corpus/splits.ts"),
    ]);
    const recordings = await readFsdd(folder);
    const speakers = [...new Set(recordings.map(({ speaker }) => speaker))].sort();
    const { train, test } = officialSplit(recordings);
    const rows: Rows = [
      ["corpus", "Free Spoken Digit Dataset"],
      ["folder", dirname(recordings[0]!.path)],
      ["recordings", String(recordings.length)],
      ["speakers", `${speakers.length} (${speakers.join(", ")})`],
      ["official split", `${train.length} for training, ${test.length} for testing`],
    ];
    return { rows, recordings };
  },
  "speech-commands": async (folder) => {
    const [{ readSpeechCommands }, { splitWordsAndSpeakers }] = await Promise.all([
      import("../corpus/speech-commands.ts"),
      import("../corpus/speech-commands-split.ts"),
    ]);
    const { recordings, backgroundNoise } = await readSpeechCommands(folder);
    const parts = splitWordsAndSpeakers(recordings);
    const nDigits = recordings.filter(({ label }) => label !== "none").length;
    const nSpeakers = new Set(recordings.map(({ speaker }) => speaker)).size;
    const rows: Rows = [
      ["corpus", "Speech Commands"],
      ["folder", folder],
      ["recordings", `${nDigits} of digits, ${recordings.length - nDigits} of other words`],
      ["speakers", String(nSpeakers)],
      [
        "official split",
        `${parts.training.length} for training, ${parts.validation.length} for validation, ${parts.testing.length} for testing`,
      ],
      ["held out", `${parts.unheardWords.length} of words that training never hears`],
      ["noise", `${backgroundNoise.length} recordings`],
    ];
    return { rows, recordings };
  },
  esc10: async (folder) => {
    const { readEsc10, splitNoise } = await import("../corpus/noise.ts");
    const clips = await readEsc10(folder);
    const kinds = [...new Set(clips.map(({ kind }) => kind))];
    const { training, heldOut } = splitNoise(clips);
    const rows: Rows = [
      ["corpus", "ESC-10"],
      ["folder", folder],
      ["recordings", String(clips.length)],
      ["kinds", `${kinds.length} (${kinds.join(", ")})`],
      ["split", `${training.length} for training, ${heldOut.length} for testing`],
    ];
    return { rows, recordings: [] };
  },
  "other-speech": async (folder) => {
    const { readOtherSpeech, splitOtherSpeech } = await import("../corpus/other-speech.ts");
    const { recordings, leftOut } = await readOtherSpeech(folder);
    const { training, heldOut } = splitOtherSpeech(recordings);
    const rows: Rows = [
      ["corpus", "other speech"],
      ["folder", folder],
      [
        "recordings",
        `${recordings.length}, and ${leftOut.length} left out in which a digit is heard or nobody speaks`,
      ],
      ["speakers", String(new Set(recordings.map(({ corpus, speaker }) => `${corpus} ${speaker}`)).size)],
      ["split", `${training.length} for training, ${heldOut.length} for testing`],
    ];
    return { rows, recordings };
  },
};
