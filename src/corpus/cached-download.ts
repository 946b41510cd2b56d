// Downloads into a cache folder, all or nothing: what is downloaded is put together in a temporary folder beside its place,
// and one rename puts it there.

import { access, constants, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import pRetry from "p-retry";
import { CorpusError, FileError, InvalidArgumentError } from "../errors.ts";
import { type DownloadProgress, TransientDownloadError } from "./archive-request.ts";

type CorpusErrorCode = ConstructorParameters<typeof CorpusError>[0];

/** Settings of every download of a corpus. */
export type DownloadOptions = {
  /** Where downloads are kept; made when it is not there. Default: `cacheFolder()`. */
  cacheDir?: string;
  /** Address of the archive. Default: that of a variable of the environment, else the official one. */
  url?: string;
  /** How often it is tried again after a failure that may pass, >= 0. Default: 4. */
  retries?: number;
  /** Wait before the first further attempt in milliseconds; it doubles each time. Default: 1000. */
  retryDelayMs?: number;
  /** Longest time without a byte, in milliseconds. Default: 30,000. */
  idleTimeoutMs?: number;
  /** Called for each chunk that arrives; the count starts again with each attempt. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download and leaves nothing; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** Settings of {@link cachedDownload}. */
export type CachedDownloadOptions = Pick<DownloadOptions, "retries" | "retryDelayMs" | "signal"> & {
  /** Named in messages. */
  caller: string;
  /** Where the data comes from. */
  url: string;
  /** What a user may do when it cannot be had; ends the message. */
  advice: string;
  /** Whether a failed attempt counts towards `retries`. Default: each does. */
  countsAsRetry?: () => boolean;
};

/**
 * Fills a folder of the cache, unless it is there: then it is whole.
 *
 * @param target The folder.
 * @param options See {@link CachedDownloadOptions}.
 * @param fill Puts everything into an empty folder, or throws. A {@link TransientDownloadError} is worth another attempt.
 * @returns `target`.
 * @throws {CorpusError} As `fill`, with the address and the advice in its message.
 * @throws {FileError} The cache folder cannot be written.
 * @throws {InvalidArgumentError} The address is not http or https.
 */
export async function cachedDownload(
  target: string,
  options: CachedDownloadOptions,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const { caller, url, retries = 4, retryDelayMs = 1000, countsAsRetry = () => true, signal } = options;
  checkUrl(caller, url);
  if (await exists(target)) return target;
  await makeFolder(caller, dirname(target));
  try {
    await pRetry(() => attempt(target, caller, fill), {
      retries,
      minTimeout: retryDelayMs,
      signal,
      shouldConsumeRetry: countsAsRetry,
      shouldRetry: ({ error }) => error instanceof TransientDownloadError,
    });
  } catch (error) {
    throw error instanceof CorpusError ? withAdvice(error, options) : error;
  }
  return target;
}

/** Whether there is a file or folder at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function checkUrl(caller: string, url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new InvalidArgumentError(`${caller}: expected an http or https address, got ${JSON.stringify(url)}`);
}

async function makeFolder(caller: string, cacheDir: string): Promise<void> {
  try {
    await mkdir(cacheDir, { recursive: true });
    await access(cacheDir, constants.W_OK);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new FileError(
      `${caller}: cannot write to the cache folder ${cacheDir}: ${reason}; name another with SPOKEN_DIGITS_CACHE`,
      { cause },
    );
  }
}

async function attempt(
  target: string,
  caller: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = await mkdtemp(join(dirname(target), `${basename(target)}-download-`));
  try {
    await fill(temporary);
    await moveIntoPlace(temporary, { target, caller });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function moveIntoPlace(
  temporary: string,
  { target, caller }: { target: string; caller: string },
): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (cause) {
    // Another process may have been faster; what it put there is whole.
    if (await exists(target)) return;
    throw new FileError(`${caller}: cannot make ${target}: ${(cause as Error).message}`, { cause });
  }
}

function withAdvice(error: CorpusError, { caller, url, advice }: CachedDownloadOptions): CorpusError {
  const message = `${caller}: ${url}: ${error.message}; ${advice}`;
  return new CorpusError(error.code as CorpusErrorCode, message, { cause: error });
}
