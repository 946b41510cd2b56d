// Takes the recordings out of the archive of a repository. Names in an archive are not to be trusted: only plain files
// directly in the top folder's recordings/ are taken, and only by the last part of their names.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type TarHeader, unpackTar } from "modern-tar";
import pMap from "p-map";
import { CorpusError, FileError } from "../errors.ts";
import { TransientDownloadError } from "./archive-request.ts";

const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
// The longest recording of the data set is 2.3 s, 37 kB.
const MAX_RECORDING_BYTES = 1024 * 1024;
const RECORDING_PATH = /^(?:\.\/)?[^/\\]+\/recordings\/(?<name>\d_[\p{L}\p{N}_-]+_\d+\.wav)$/u;

/**
 * Writes the `TOP/recordings/{digit}_{speaker}_{take}.wav` files of a gzipped tar archive into a folder. Everything
 * else in the archive is left out.
 *
 * @param archive The whole archive.
 * @param folder An existing, empty folder.
 * @returns How many files it wrote.
 * @throws {TransientDownloadError} The gzip stream is cut or damaged, as by a bad connection.
 * @throws {CorpusError} `corpus-download`: no tar archive, a cut one, one without recordings, or one in which a recording
 *   is a link, too large or there twice.
 * @throws {FileError} A file cannot be written.
 */
export async function unpackRecordings(archive: Uint8Array, folder: string): Promise<number> {
  const entries = await readTar(await decompress(archive));
  const files = entries.map(({ header, data }) => ({ name: recordingName(header)!, header, data }));
  checkNames(files.map((file) => file.name));
  for (const { header } of files) checkEntry(header);
  await pMap(files, ({ name, data }) => writeRecording(join(folder, name), data ?? new Uint8Array()), {
    concurrency: 8,
  });
  return files.length;
}

async function decompress(archive: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw damaged(`expected at most ${MAX_UNPACKED_BYTES} bytes unpacked, got more`, cause);
    }
    throw new TransientDownloadError(`the archive of ${archive.length} bytes is cut or damaged: ${message}`, {
      cause,
    });
  }
}

async function readTar(bytes: Uint8Array) {
  try {
    return await unpackTar(bytes, { strict: true, filter: (header) => recordingName(header) !== undefined });
  } catch (cause) {
    throw damaged(`the archive is no whole tar file: ${(cause as Error).message}`, cause);
  }
}

function recordingName(header: TarHeader): string | undefined {
  return RECORDING_PATH.exec(header.name)?.groups?.name;
}

function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw damaged("the archive holds no recordings/{digit}_{speaker}_{take}.wav");
  // Some file systems take names that differ in case for one.
  const distinct = new Set(names.map((name) => name.toLowerCase()));
  if (distinct.size < names.length) throw damaged("the archive holds a recording twice");
}

function checkEntry({ name, size, type = "file" }: TarHeader): void {
  if (type !== "file") throw damaged(`expected ${name} to be a plain file, got a ${type}`);
  if (size > MAX_RECORDING_BYTES) {
    throw damaged(`expected ${name} to be at most ${MAX_RECORDING_BYTES} bytes, got ${size}`);
  }
}

async function writeRecording(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: "wx" });
  } catch (cause) {
    throw new FileError(`cannot write ${path}: ${(cause as Error).message}`, { cause });
  }
}

function damaged(message: string, cause?: unknown): CorpusError {
  return new CorpusError("corpus-download", message, { cause });
}
