// A download too large for memory and too long to begin again: into a file that keeps what has come, and goes on from
// there by a range request (RFC 9110, section 14) in the next attempt or the next process.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { CorpusError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import { checkGzip, requestArchive, TransientDownloadError } from "./archive-request.ts";
import type { FetchArchiveOptions } from "./fetch-archive.ts";

/** Which version of which file the bytes so far are of; beside the file as `{path}.json`. */
type PartState = { url: string; validator: string };

/** What a server says that it sends: from which byte on, and how large the whole file is. */
type Extent = { start: number; totalBytes?: number };

/**
 * One attempt at bringing a file to its full length. It goes on behind the bytes that are there if the server still has
 * the same version (its strong `ETag`, else its `Last-Modified`), else it begins again. What has come stays when an
 * attempt fails, is called off or dies.
 *
 * @param url An http or https address of a gzip file.
 * @param path The file; it may be there in part. The folder must exist.
 * @param options As for `fetchArchive`; progress counts the bytes from before too.
 * @throws {TransientDownloadError} No connection, a cut or silent one, a status 408, 429 or 5xx, a range other than asked
 *   for, or fewer or more bytes than announced.
 * @throws {CorpusError} `corpus-download`: another status, something else than gzip, or more than `maxBytes`.
 * @throws {FileError} The file cannot be written.
 */
export async function resumeDownload(url: string, path: string, options: FetchArchiveOptions): Promise<void> {
  const part = await readPart(url, path);
  const headers = part && { range: `bytes=${part.length}-`, "if-range": part.validator };
  const acceptStatus = part && 416;
  await requestArchive(url, { ...options, headers, acceptStatus }, async (response, onChunk) => {
    if (response.status === 416) return checkComplete(response, path, part?.length ?? 0);
    const extent = readExtent(response);
    if (extent.start !== (response.status === 206 ? part?.length : 0)) {
      await discardPart(path);
      throw new TransientDownloadError(
        `expected bytes from ${part?.length ?? 0} on, got them from ${extent.start} on`,
      );
    }
    if ((extent.totalBytes ?? 0) > options.maxBytes) throw tooLarge(options.maxBytes);
    if (extent.start === 0) await startPart(path, { url, response });
    await appendBody(response, path, { ...options, ...extent, onChunk });
  });
}

/**
 * Removes the file of {@link resumeDownload} and what is remembered of it.
 *
 * @param path Of the file; it may not be there.
 */
export async function discardPart(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(statePath(path), { force: true })]);
}

/**
 * The digest of a file, read as a stream.
 *
 * @param path Of the file.
 * @param options.signal Ends the reading; the promise then rejects with the signal's reason.
 * @returns Its SHA-256, 64 hexadecimal digits.
 * @throws {FileError} It cannot be read.
 */
export async function fileDigest(path: string, options: { signal?: AbortSignal } = {}): Promise<string> {
  const { signal } = options;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash, { signal }).catch((cause: Error) => {
    signal?.throwIfAborted();
    return asFileError(`cannot read ${path}`)(cause);
  });
  return hash.digest("hex");
}

/** What there is to go on from; undefined when that is nothing, or of another address. */
async function readPart(
  url: string,
  path: string,
): Promise<{ length: number; validator: string } | undefined> {
  try {
    const state = JSON.parse(await readFile(statePath(path), "utf8")) as Partial<PartState>;
    const { size } = await stat(path);
    if (state.url !== url || !state.validator || size === 0) return undefined;
    return { length: size, validator: state.validator };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent || error instanceof SyntaxError) return undefined;
    return asFileError(`cannot read ${path}`)(error as Error);
  }
}

/** Begins a file anew and remembers its version; one whose version the server does not tell cannot be taken up again. */
async function startPart(
  path: string,
  { url, response }: { url: string; response: Response },
): Promise<void> {
  const etag = response.headers.get("etag");
  // A weak one, W/"...", is the same for files that differ in their bytes.
  const validator = etag && !etag.startsWith("W/") ? etag : response.headers.get("last-modified");
  const fail = asFileError(`cannot write ${path}`);
  await discardPart(path).catch(fail);
  if (!validator) return;
  await writeFile(statePath(path), JSON.stringify({ url, validator } satisfies PartState)).catch(fail);
}

async function appendBody(
  response: Response,
  path: string,
  options: FetchArchiveOptions & Extent & { onChunk: () => void },
): Promise<void> {
  const { start, totalBytes, maxBytes, onProgress, onChunk } = options;
  const file = await openPart(path);
  let position = start;
  try {
    for await (const chunk of response.body ?? []) {
      onChunk();
      if (position === 0) checkGzip(chunk, response);
      // At its place, not at the end: another process may be writing the same bytes.
      await writeAt(file, { path, chunk, position });
      position += chunk.length;
      if (position > maxBytes) throw tooLarge(maxBytes);
      onProgress?.({ receivedBytes: position, totalBytes });
    }
  } finally {
    await file.close();
  }
  checkLength(position, totalBytes);
}

function checkLength(length: number, totalBytes: number | undefined): void {
  if (totalBytes !== undefined && length !== totalBytes) {
    throw new TransientDownloadError(`expected ${totalBytes} bytes, got ${length}`);
  }
  if (length < 2) throw new TransientDownloadError(`expected an archive, got ${length} bytes`);
}

async function openPart(path: string): Promise<FileHandle> {
  // Neither "w", which empties the file, nor "a", which writes at its end alone.
  const opened = open(path, "r+").catch(() => open(path, "w+"));
  return opened.catch(asFileError(`cannot write ${path}`));
}

async function writeAt(
  file: FileHandle,
  { path, chunk, position }: { path: string; chunk: Uint8Array; position: number },
): Promise<void> {
  await file.write(chunk, 0, chunk.length, position).catch(asFileError(`cannot write ${path}`));
}

function readExtent(response: Response): Extent {
  const length = Number(response.headers.get("content-length")) || undefined;
  if (response.status !== 206) return { start: 0, totalBytes: length };
  const range = /^bytes (?<start>\d+)-\d+\/(?<total>\d+|\*)$/.exec(
    response.headers.get("content-range") ?? "",
  );
  const { start = "-1", total = "*" } = range?.groups ?? {};
  return { start: Number(start), totalBytes: Number(total) || undefined };
}

/** The server has no byte behind those that are there: either that is all, or they are of something else. */
async function checkComplete(response: Response, path: string, length: number): Promise<void> {
  const total = /^bytes \*\/(?<total>\d+)$/.exec(response.headers.get("content-range") ?? "")?.groups?.total;
  if (Number(total) === length) return;
  await discardPart(path);
  throw new TransientDownloadError(`expected more than ${length} bytes, the server has ${total ?? "fewer"}`);
}

function statePath(path: string): string {
  return `${path}.json`;
}

function tooLarge(maxBytes: number): CorpusError {
  return new CorpusError("corpus-download", `expected at most ${maxBytes} bytes, got more`);
}
