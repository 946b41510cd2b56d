import type { Command } from "commander";
import type { DownloadProgress } from "../corpus/fetch-archive.ts";
import type { Recording } from "../corpus/recording.ts";
import { endOnInterrupt } from "./interruption.ts";
import { createProgressBar } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits data                where the data set is; fetches it (16 MB) when it is nowhere
  spoken-digits data --data FOLDER  looks at a copy of your own

Without --data: SPOKEN_DIGITS_DATA, else the cache folder (SPOKEN_DIGITS_CACHE sets another).`;

/**
 * Adds `data`: finds or fetches the Free Spoken Digit Dataset and says what is in it.
 *
 * @param program Is changed.
 */
export function addDataCommand(program: Command): void {
  program
    .command("data")
    .description("Find or fetch the Free Spoken Digit Dataset.")
    .option("--data <folder>", "folder that holds the data set")
    .addHelpText("after", EXAMPLES)
    .action(showData);
}

/**
 * Finds the data set, or fetches it with a progress bar.
 *
 * @param data Folder that the user named. Default: as `spoken-digits data --help` says.
 * @returns All its recordings.
 * @throws {CorpusError} It is not in that folder, or cannot be fetched.
 */
export async function locateRecordings(data?: string): Promise<Recording[]> {
  const [{ locateFsdd }, { readFsdd }] = await Promise.all([
    import("../corpus/locate-fsdd.ts"),
    import("../corpus/fsdd.ts"),
  ]);
  const bar = createProgressBar({
    label: "Downloading the data set",
    format: (bytes) => `${(bytes / 1e6).toFixed(1)} MB`,
  });
  try {
    const onProgress = ({ receivedBytes, totalBytes }: DownloadProgress) =>
      bar.update(receivedBytes, totalBytes);
    return await readFsdd(await endOnInterrupt((signal) => locateFsdd({ data, signal, onProgress })));
  } finally {
    bar.end();
  }
}

async function showData({ data }: { data?: string }): Promise<void> {
  const [recordings, { dirname }, { officialSplit }] = await Promise.all([
    locateRecordings(data),
    import("node:path"),
    import("../corpus/splits.ts"),
  ]);
  const speakers = [...new Set(recordings.map(({ speaker }) => speaker))].sort();
  const { train, test } = officialSplit(recordings);
  const rows = [
    ["folder", dirname(recordings[0]!.path)],
    ["recordings", String(recordings.length)],
    ["speakers", `${speakers.length} (${speakers.join(", ")})`],
    ["official split", `${train.length} for training, ${test.length} for testing`],
  ];
  process.stdout.write(rows.map(([name, value]) => `${name!.padEnd(16)}${value}\n`).join(""));
}
