import { join } from "node:path";
import { CorpusError, FileError } from "../errors.ts";
import { DIGIT_WORDS } from "../model/prediction.ts";
import type { DownloadProgress } from "./archive-request.ts";
import { cacheFolder } from "./cache-folder.ts";
import { cachedDownload, type DownloadOptions, exists } from "./cached-download.ts";
import { discardPart, fileDigest, resumeDownload } from "./resume-download.ts";
import { BACKGROUND_NOISE_FOLDER } from "./speech-commands.ts";
import { unpackSpeechCommands } from "./unpack-speech-commands.ts";

/** A published version of Speech Commands. */
export type SpeechCommandsVersion = "0.01" | "0.02";

/**
 * The official archives: 1.49 and 2.43 GB. The digests, SHA-256 of the archive, are those that torchaudio publishes and
 * checks in its `datasets/speechcommands.py`.
 */
export const SPEECH_COMMANDS_ARCHIVES: Readonly<
  Record<SpeechCommandsVersion, { url: string; digest: string }>
> = {
  "0.01": {
    url: "http://download.tensorflow.org/data/speech_commands_v0.01.tar.gz",
    digest: "743935421bb51cccdb6bdd152e04c5c70274e935c82119ad7faeec31780d811d",
  },
  "0.02": {
    url: "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
    digest: "af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
  },
};

/** The folders kept by default: the digits, 15 other words that both versions have, and the noise. */
export const DEFAULT_SPEECH_COMMANDS_FOLDERS: readonly string[] = [
  ...DIGIT_WORDS,
  ..."bed bird cat dog down go happy house left marvin right sheila tree up wow".split(" "),
  BACKGROUND_NOISE_FOLDER,
];

/**
 * Settings of {@link downloadSpeechCommands}. Other than elsewhere what has come is kept when it ends early, counts in
 * `onProgress`, and only attempts that got no further count as retries; their default is 6.
 */
export type DownloadSpeechCommandsOptions = DownloadOptions & {
  /** Default: `0.02`. */
  version?: SpeechCommandsVersion;
  /** Folders to keep, digits or other words. Default: {@link DEFAULT_SPEECH_COMMANDS_FOLDERS}. */
  folders?: readonly string[];
  /** SHA-256 that the archive must have, in hexadecimal. Default: that of the version. */
  digest?: string;
};

const MAX_ARCHIVE_BYTES = 4 * 1024 ** 3;
const ADVICE =
  "try again (it goes on where it stopped), name a mirror with SPOKEN_DIGITS_SPEECH_COMMANDS_URL, or get the corpus by other " +
  "means and name its folder with --data or SPOKEN_DIGITS_DATA";

/**
 * The folder below a cache folder that holds the word folders after a download. If it exists, it is whole.
 *
 * @param version As for {@link downloadSpeechCommands}.
 * @param cacheDir As for {@link downloadSpeechCommands}.
 */
export function speechCommandsCacheFolder(
  version: SpeechCommandsVersion = "0.02",
  cacheDir: string = cacheFolder(),
): string {
  return join(cacheDir, `speech-commands-${version}`);
}

/**
 * Downloads Speech Commands, unless the cache folder has it, and keeps some of its folders. The archive goes to a file
 * beside, in pieces if need be: an attempt goes on where the last one stopped, also in another process. Checked are its size as
 * the server tells it, its SHA-256, the check sum of the gzip stream, the structure of the archive, and that every folder
 * wanted has recordings. The archive is removed after it is unpacked, or when it is not the one expected.
 *
 * @returns The folder of the word folders, for `readSpeechCommands`.
 * @throws {CorpusError} `corpus-download`: nothing usable came; `corpus-digest`: another archive came; `corpus-missing`: the
 *   cache has the corpus from before without a folder wanted. The message says what to do.
 * @throws {FileError} The cache folder cannot be written.
 * @throws {InvalidArgumentError} The address is not http or https.
 */
export async function downloadSpeechCommands(options: DownloadSpeechCommandsOptions = {}): Promise<string> {
  const {
    version = "0.02",
    folders = DEFAULT_SPEECH_COMMANDS_FOLDERS,
    retries = 6,
    retryDelayMs,
    signal,
  } = options;
  const official = SPEECH_COMMANDS_ARCHIVES[version];
  const url = options.url ?? (process.env.SPOKEN_DIGITS_SPEECH_COMMANDS_URL || official.url);
  const target = speechCommandsCacheFolder(version, options.cacheDir);
  const watch = watchProgress(options.onProgress);
  const settings = {
    caller: "downloadSpeechCommands",
    url,
    advice: ADVICE,
    retries,
    retryDelayMs,
    countsAsRetry: () => !watch.gotFurther(),
    signal,
  };
  const digest = options.digest ?? official.digest;
  await cachedDownload(target, settings, (folder) => {
    watch.beginAttempt();
    return fill(folder, { ...options, url, target, digest, folders, onProgress: watch.onProgress });
  }).catch(async (error: unknown) => {
    // Another process may have been faster, and has removed the archive after it was unpacked.
    if (!(error instanceof FileError && (await exists(target)))) throw error;
  });
  await checkFolders(target, folders);
  return target;
}

/** An attempt that got further than all before does not count: a long download survives any number of breaks. */
function watchProgress(report: DownloadSpeechCommandsOptions["onProgress"]) {
  let furthest = 0;
  let gotFurther = false;
  return {
    beginAttempt: () => {
      gotFurther = false;
    },
    gotFurther: () => gotFurther,
    onProgress: (progress: DownloadProgress) => {
      gotFurther ||= progress.receivedBytes > furthest;
      furthest = Math.max(furthest, progress.receivedBytes);
      report?.(progress);
    },
  };
}

async function fill(
  folder: string,
  options: DownloadSpeechCommandsOptions & {
    url: string;
    target: string;
    digest: string;
    folders: readonly string[];
  },
): Promise<void> {
  const { url, target, digest, folders, idleTimeoutMs = 30_000, onProgress, signal } = options;
  const archive = `${target}.tar.gz.part`;
  await resumeDownload(url, archive, { maxBytes: MAX_ARCHIVE_BYTES, idleTimeoutMs, onProgress, signal });
  const actual = await fileDigest(archive, { signal });
  if (actual !== digest) {
    await discardPart(archive);
    throw new CorpusError("corpus-digest", `expected an archive with the SHA-256 ${digest}, got ${actual}`);
  }
  await unpackSpeechCommands(archive, folder, { words: folders, signal });
  await discardPart(archive);
}

async function checkFolders(target: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (await exists(join(target, folder))) continue;
    throw new CorpusError(
      "corpus-missing",
      `downloadSpeechCommands: ${target} is there from an earlier download without the folder ${folder}; ` +
        "remove it to download the corpus again with all folders wanted",
    );
  }
}
