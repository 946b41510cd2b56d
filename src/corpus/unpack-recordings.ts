// Takes the recordings out of the archive of a repository. Names in an archive are not to be trusted: only plain files
// whose path is as it should be are taken, under a name put together from parts of it that hold no separators.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type TarHeader, unpackTar } from "modern-tar";
import pMap from "p-map";
import { CorpusError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import { TransientDownloadError } from "./archive-request.ts";

const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
// The longest recording of FSDD is 2.3 s, 37 kB; those of ESC-10 are 5 s, 0.12 MB.
const MAX_RECORDING_BYTES = 1024 * 1024;

/** Where in an archive the recordings are. */
export type ArchiveLayout = {
  /** What is looked for, in words. */
  expected: string;
  /** The path of a recording below the folder, with at most one `/`; undefined for an entry that is none. */
  pathOf(entry: string): string | undefined;
};

/** `TOP/recordings/{digit}_{speaker}_{take}.wav`, each kept under its own name. */
const FSDD_LAYOUT: ArchiveLayout = {
  expected: "recordings/{digit}_{speaker}_{take}.wav",
  pathOf: (entry) => FSDD_PATH.exec(entry)?.groups?.name,
};

const FSDD_PATH = /^(?:\.\/)?[^/\\]+\/recordings\/(?<name>\d_[\p{L}\p{N}_-]+_\d+\.wav)$/u;

/**
 * Writes the recordings of a gzipped tar archive into a folder. Everything else in the archive is left out.
 *
 * @param archive The whole archive.
 * @param folder An existing, empty folder.
 * @param layout Which entries are recordings. Default: {@link FSDD_LAYOUT}.
 * @returns How many files it wrote.
 * @throws {TransientDownloadError} The gzip stream is cut or damaged, as by a bad connection.
 * @throws {CorpusError} `corpus-download`: no tar archive, a cut one, one without recordings, or one in which a recording
 *   is a link, too large or there twice.
 * @throws {FileError} A file cannot be written.
 */
export async function unpackRecordings(
  archive: Uint8Array,
  folder: string,
  layout: ArchiveLayout = FSDD_LAYOUT,
): Promise<number> {
  const entries = await readTar(await decompress(archive), layout);
  const files = entries.map(({ header, data }) => ({ name: layout.pathOf(header.name)!, header, data }));
  const names = files.map((file) => file.name);
  if (names.length === 0) throw damaged(`the archive holds no ${layout.expected}`);
  checkDistinct(names);
  for (const { header } of files) checkEntry(header);
  const parents = new Set(names.map(dirname).filter((parent) => parent !== "."));
  for (const parent of parents) {
    const path = join(folder, parent);
    await mkdir(path).catch(asFileError(`cannot make ${path}`));
  }
  const write = (path: string, bytes: Uint8Array) =>
    writeFile(path, bytes, { flag: "wx" }).catch(asFileError(`cannot write ${path}`));
  await pMap(files, ({ name, data }) => write(join(folder, name), data ?? new Uint8Array()), {
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

async function readTar(bytes: Uint8Array, { pathOf }: ArchiveLayout) {
  try {
    return await unpackTar(bytes, { strict: true, filter: ({ name }) => pathOf(name) !== undefined });
  } catch (cause) {
    throw damaged(`the archive is no whole tar file: ${(cause as Error).message}`, cause);
  }
}

function checkDistinct(names: readonly string[]): void {
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

function damaged(message: string, cause?: unknown): CorpusError {
  return new CorpusError("corpus-download", message, { cause });
}
