import { type Command, Option } from "commander";
import type { DownloadProgress } from "../corpus/archive-request.ts";
import { CORPORA, CORPUS_NAMES, type CorpusName, type CorpusSummary } from "../corpus/corpora.ts";
import type { FindCorpusOptions } from "../corpus/find-corpus.ts";
import type { Recording } from "../corpus/recording.ts";
import { CorpusError } from "../errors.ts";
import { withProgress } from "./progress-bar.ts";

const EXAMPLES = `
Corpora:
  fsdd             Free Spoken Digit Dataset: six speakers (16 MB; the default)
  esc10            environmental sounds (40 MB)
  speech-commands  digits and other words of two thousand speakers (2.4 GB; version 0.01 has 1.5 GB)
  other-speech     words and phrases without digits; cannot be fetched, only found in --data

Examples:
  spoken-digits data                where the data set is; fetches it (16 MB) when it is nowhere
  spoken-digits data --corpus all   the same of every corpus; a download of gigabytes that was ended goes on
  spoken-digits data --corpus speech-commands --speech-commands-version 0.01
  spoken-digits data --data FOLDER  looks at copies of your own
  spoken-digits data --data FOLDER --corpus all --check

Without --data: SPOKEN_DIGITS_DATA, else the cache folder (SPOKEN_DIGITS_CACHE sets another).`;

// Voices are wherever `--voices` and `--synthesized` of another command name them.
const NAMES = CORPUS_NAMES.filter((name) => name !== "voices" && name !== "synthesized");

type DataOptions = {
  data?: string;
  corpus: readonly (CorpusName | "all")[];
  speechCommandsVersion: FindCorpusOptions["version"];
  check?: boolean;
};

/**
 * Adds `data`: finds or fetches the corpora that models are trained and tried on, and says what is in them.
 *
 * @param program Is changed.
 */
export function addDataCommand(program: Command): void {
  program
    .command("data")
    .description("Find or fetch the data sets that models are trained and tried on.")
    .option("--data <folder>", "folder that holds the data sets")
    .addOption(
      new Option("--corpus <names...>", "which").choices([...NAMES, "all"]).default(["fsdd"], "fsdd"),
    )
    .addOption(
      new Option("--speech-commands-version <v>", "which to fetch").choices(["0.02", "0.01"]).default("0.02"),
    )
    .option("--check", "decode all recordings of speech and count the broken ones")
    .addHelpText("after", EXAMPLES)
    .action(showData);
}

/**
 * Finds the Free Spoken Digit Dataset, or fetches it with a progress bar.
 *
 * @param data Folder that the user named. Default: as `spoken-digits data --help` says.
 * @returns All its recordings.
 * @throws {CorpusError} It is not in that folder, or cannot be fetched.
 */
export async function locateRecordings(data?: string): Promise<Recording[]> {
  const { readFsdd } = await import("../corpus/fsdd.ts");
  return readFsdd(await find("fsdd", { data }));
}

async function showData({
  corpus,
  check = false,
  data,
  speechCommandsVersion: version,
}: DataOptions): Promise<void> {
  const isAll = corpus.includes("all");
  const wanted = NAMES.filter((name) => isAll || corpus.includes(name));
  for (const [index, name] of wanted.entries()) {
    const folder = await find(name, { data, version }).catch((error: unknown) => {
      if (isAll && error instanceof CorpusError && error.code === "corpus-missing") return error;
      throw error;
    });
    if (index > 0) process.stdout.write("\n");
    if (folder instanceof CorpusError) {
      process.stdout.write(formatRows([["corpus", `${name} is not there`]]));
      continue;
    }
    const { rows, recordings } = await (await CORPORA[name]()).summarise(folder);
    process.stdout.write(formatRows(rows));
    if (check && recordings.length > 0) process.stdout.write(formatRows(await checkRecordings(recordings)));
  }
}

async function find(name: CorpusName, options: FindCorpusOptions): Promise<string> {
  const { findCorpus } = await import("../corpus/find-corpus.ts");
  const bar = {
    label: name === "fsdd" ? "Downloading the data set" : `Downloading ${name}`,
    format: (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`,
  };
  return withProgress(bar, (signal, update) => {
    const onProgress = (progress: DownloadProgress) => update(progress.receivedBytes, progress.totalBytes);
    return findCorpus(name, { ...options, onProgress, signal });
  });
}

/** Decodes recordings and counts those that training would not use, by the rules of `cleanRecordings`. */
async function checkRecordings(recordings: readonly Recording[]): Promise<CorpusSummary["rows"]> {
  const [{ loadSamples }, { cleanRecordings }] = await Promise.all([
    import("../corpus/load-samples.ts"),
    import("../corpus/clean-recordings.ts"),
  ]);
  const samples = await withProgress({ label: "Checking" }, (signal, onProgress) =>
    loadSamples(recordings, { onProgress, signal }),
  );
  const clips = recordings.map((recording, i) => ({ recording, samples: samples[i]! }));
  const { counts, dropped } = cleanRecordings(clips);
  const reasons = Object.entries(counts).map(([reason, n]) => `${n} ${reason}`);
  return [["broken", `${dropped.length} of ${recordings.length}: ${reasons.join(", ")}`]];
}

function formatRows(rows: CorpusSummary["rows"]): string {
  return rows.map(([name, value]) => `${name.padEnd(16)}${value}\n`).join("");
}
