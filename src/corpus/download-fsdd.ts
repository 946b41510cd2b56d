// Downloads the Free Spoken Digit Dataset: all or nothing. It is unpacked and checked in a temporary folder beside its
// place, and one rename puts it there.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { CorpusError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import { cacheFolder } from "./cache-folder.ts";
import { cachedDownload, type DownloadOptions } from "./cached-download.ts";
import { fetchArchive } from "./fetch-archive.ts";
import { unpackRecordings } from "./unpack-recordings.ts";

/** The commit of Jakobovski/free-spoken-digit-dataset that this package is trained and judged on. */
const FSDD_COMMIT = "26eb9aaf76e81b692f806f9140c2d2777410d7a1";

/** {@link recordingsDigest} of the 3000 recordings at {@link FSDD_COMMIT}; an archive of a commit is not byte-stable. */
export const FSDD_DIGEST = "dbd573d7cafe79c4b49f65718115e1304e24e067fa39eff18a660dc6cb9c360f";

const FSDD_URL = `https://codeload.github.com/Jakobovski/free-spoken-digit-dataset/tar.gz/${FSDD_COMMIT}`;

const ADVICE =
  "try again, name a mirror with SPOKEN_DIGITS_FSDD_URL, or get the data set " +
  `(commit ${FSDD_COMMIT.slice(0, 12)}) by other means and name its folder with --data or SPOKEN_DIGITS_DATA`;

// The archive is about 16 MB.
const MAX_ARCHIVE_BYTES = 128 * 1024 * 1024;

/** Settings of {@link downloadFsdd}. */
export type DownloadFsddOptions = DownloadOptions & {
  /** Digest that the recordings must have. Default: {@link FSDD_DIGEST}. */
  digest?: string;
};

/**
 * The folder below a cache folder that holds `recordings/` after a download. If it exists, it is whole.
 *
 * @param cacheDir As for {@link downloadFsdd}.
 */
export function fsddCacheFolder(cacheDir: string = cacheFolder()): string {
  return join(cacheDir, `fsdd-${FSDD_COMMIT.slice(0, 12)}`);
}

/**
 * Downloads the data set (about 16 MB), unless the cache folder has it, and checks that it is the one expected. A
 * download that fails leaves nothing behind.
 *
 * @returns The folder that holds `recordings/`, for `readFsdd`.
 * @throws {CorpusError} `corpus-download`: nothing usable came; `corpus-digest`: other recordings came. Either message
 *   names the address, what came and what to do.
 * @throws {FileError} The cache folder cannot be written.
 * @throws {InvalidArgumentError} The address is not http or https.
 */
export async function downloadFsdd(options: DownloadFsddOptions = {}): Promise<string> {
  const { retries, retryDelayMs, signal, cacheDir } = options;
  const url = options.url ?? (process.env.SPOKEN_DIGITS_FSDD_URL || FSDD_URL);
  const settings = { caller: "downloadFsdd", url, advice: ADVICE, retries, retryDelayMs, signal };
  return cachedDownload(fsddCacheFolder(cacheDir), settings, (folder) => fill(folder, { ...options, url }));
}

async function fill(folder: string, options: DownloadFsddOptions & { url: string }): Promise<void> {
  const { url, digest = FSDD_DIGEST, idleTimeoutMs = 30_000, onProgress, signal } = options;
  const archive = await fetchArchive(url, { maxBytes: MAX_ARCHIVE_BYTES, idleTimeoutMs, onProgress, signal });
  const recordings = join(folder, "recordings");
  await mkdir(recordings);
  await unpackRecordings(archive, recordings);
  await checkDigest(recordings, digest);
}

async function checkDigest(recordings: string, expected: string): Promise<void> {
  const digest = await recordingsDigest(recordings);
  if (digest === expected) return;
  throw new CorpusError("corpus-digest", `expected recordings with the digest ${expected}, got ${digest}`);
}

/**
 * A digest over the WAV files of a folder, by name and content, whatever archive they came in. It is the SHA-256 of one
 * line a file, `NAME SHA256-OF-CONTENT` with a line feed at its end, sorted by name in code-unit order; digests are
 * in lower-case hexadecimal. In a shell, in the folder: `sha256sum *.wav | awk '{print $2" "$1}' | LC_ALL=C sort -k1,1 |
 * sha256sum`.
 *
 * @param folder Its own `*.wav` files count; other files and folders below it do not.
 * @returns 64 hexadecimal digits. A folder without a WAV has the digest of no bytes.
 * @throws {FileError} The folder or a file in it cannot be read.
 */
export async function recordingsDigest(folder: string): Promise<string> {
  const fail = asFileError(`recordingsDigest: cannot read ${folder}`);
  const names = (await readdir(folder).catch(fail)).filter((name) => name.endsWith(".wav")).sort();
  const toLine = async (name: string) => `${name} ${sha256(await readFile(join(folder, name)))}\n`;
  const lines = await pMap(names, toLine, { concurrency: 8 }).catch(fail);
  return sha256(lines.join(""));
}

function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
