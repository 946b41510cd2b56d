// Downloads ESC-10 (K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", ACM Multimedia 2015) from the
// repository it is published in: all or nothing, as FSDD.

import { open } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { CorpusError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import { cacheFolder } from "./cache-folder.ts";
import { cachedDownload, type DownloadOptions } from "./cached-download.ts";
import { fetchArchive } from "./fetch-archive.ts";
import { type NoiseRecording, readEsc10 } from "./noise.ts";
import { type ArchiveLayout, unpackRecordings } from "./unpack-recordings.ts";

const ESC10_URL = "https://codeload.github.com/karoldvl/ESC-10/tar.gz/master";

const ADVICE =
  "try again, name a mirror with SPOKEN_DIGITS_ESC10_URL, or get the data set by other means and name its folder with " +
  "--data or SPOKEN_DIGITS_DATA";

// The archive is about 40 MB.
const MAX_ARCHIVE_BYTES = 256 * 1024 * 1024;
const N_KINDS = 10;
const N_FOLDS = 5;
const CLIPS_PER_FOLD = 8;
const OGG_MAGIC = "OggS";

const ESC10_PATH =
  /^(?:\.\/)?[^/\\]+\/(?:\d+ - )?(?<kind>[A-Za-z][A-Za-z ]*)\/(?<name>[1-5]-\d+-[A-Z](?:-\d+)?\.ogg)$/;

/** `TOP/{number} - {Kind}/{fold}-{source}-{take}.ogg`, kept as `{kind}/{fold}-{source}-{take}.ogg`. */
export const ESC10_LAYOUT: ArchiveLayout = {
  expected: "{number} - {Kind}/{fold}-{source}-{take}.ogg",
  pathOf(entry) {
    const { kind, name } = (ESC10_PATH.exec(entry)?.groups ?? {}) as { kind?: string; name?: string };
    return kind && name && `${kind.toLowerCase().replaceAll(" ", "_")}/${name}`;
  },
};

/**
 * The folder below a cache folder that holds the kinds after a download. If it exists, it is whole.
 *
 * @param cacheDir As for {@link downloadEsc10}.
 */
export function esc10CacheFolder(cacheDir: string = cacheFolder()): string {
  return join(cacheDir, "esc10");
}

/**
 * Downloads the data set (about 40 MB), unless the cache folder has it. Checked are the check sum of the gzip stream, the
 * structure of the archive, and that there are ten kinds with eight Ogg files in each of the five folds. A download that
 * fails leaves nothing behind.
 *
 * @returns The folder of the kinds, for `readEsc10`.
 * @throws {CorpusError} `corpus-download`: nothing usable came; `corpus-digest`: other recordings came. Either message names
 *   the address, what came and what to do.
 * @throws {FileError} The cache folder cannot be written.
 * @throws {InvalidArgumentError} The address is not http or https.
 */
export async function downloadEsc10(options: DownloadOptions = {}): Promise<string> {
  const { retries, retryDelayMs, signal, cacheDir } = options;
  const url = options.url ?? (process.env.SPOKEN_DIGITS_ESC10_URL || ESC10_URL);
  const settings = { caller: "downloadEsc10", url, advice: ADVICE, retries, retryDelayMs, signal };
  return cachedDownload(esc10CacheFolder(cacheDir), settings, (folder) => fill(folder, { ...options, url }));
}

async function fill(folder: string, options: DownloadOptions & { url: string }): Promise<void> {
  const { url, idleTimeoutMs = 30_000, onProgress, signal } = options;
  const archive = await fetchArchive(url, { maxBytes: MAX_ARCHIVE_BYTES, idleTimeoutMs, onProgress, signal });
  await unpackRecordings(archive, folder, ESC10_LAYOUT);
  const clips = await readEsc10(folder);
  checkCounts(clips);
  await pMap(clips, ({ path }) => checkOgg(path), { concurrency: 8 });
}

function checkCounts(clips: readonly NoiseRecording[]): void {
  const counts = new Map<string, number>();
  for (const { kind, fold } of clips) counts.set(`${kind} ${fold}`, (counts.get(`${kind} ${fold}`) ?? 0) + 1);
  const isWhole =
    counts.size === N_KINDS * N_FOLDS && [...counts.values()].every((n) => n === CLIPS_PER_FOLD);
  if (isWhole) return;
  const nKinds = new Set(clips.map(({ kind }) => kind)).size;
  throw new CorpusError(
    "corpus-digest",
    `expected ${N_KINDS} kinds with ${CLIPS_PER_FOLD} clips in each of ${N_FOLDS} folds, got ${nKinds} kinds with ` +
      `${clips.length} clips in all`,
  );
}

async function checkOgg(path: string): Promise<void> {
  const magic = await readStart(path, OGG_MAGIC.length);
  if (magic === OGG_MAGIC) return;
  throw new CorpusError(
    "corpus-digest",
    `expected ${path} to be an Ogg file, got ${JSON.stringify(magic)} at its start`,
  );
}

async function readStart(path: string, length: number): Promise<string> {
  const fail = asFileError(`cannot read ${path}`);
  const file = await open(path).catch(fail);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0).catch(fail);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
}
