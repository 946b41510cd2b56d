// Takes the recordings of some words out of the archive of Speech Commands, as a stream: unpacked it is 3.5 GB. Names in
// an archive are not to be trusted: only plain files `{word}/{name}.wav` of the words wanted are taken.

import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { TarHeader } from "modern-tar";
import { unpackTar } from "modern-tar/fs";
import { CorpusError, FileError } from "../errors.ts";
import { BACKGROUND_NOISE_FOLDER } from "./speech-commands.ts";

/** Settings of {@link unpackSpeechCommands}. */
export type UnpackSpeechCommandsOptions = {
  /** Folders to take; others are passed over. */
  words: readonly string[];
  /** Most bytes the archive may unpack to. Default: 8 GB. */
  maxUnpackedBytes?: number;
  /** Ends the unpacking; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** How many files each folder got. */
export type UnpackedCounts = Record<string, number>;

// A recording is 32 kB, the longest noise 3 MB.
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 8 * 1024 ** 3;
const WORD_PATH = /^(?:\.\/)?(?<word>[\p{L}\d_-]+)\/(?<name>[\p{L}\p{N}_-]+\.wav)$/u;

/**
 * Writes `{word}/{speaker}_nohash_{n}.wav` of the words wanted, and `_background_noise_/*.wav` if that is among them.
 *
 * @param archive Path of a gzipped tar archive.
 * @param folder An existing, empty folder.
 * @param options See {@link UnpackSpeechCommandsOptions}.
 * @returns How many files of each word it wrote; every word wanted has at least one.
 * @throws {CorpusError} `corpus-download`: the gzip stream is cut or fails its check sum; it is no tar archive; a recording
 *   is a link, too large or there twice; a word is missing; or it unpacks to more than `maxUnpackedBytes`.
 * @throws {FileError} A file cannot be read or written.
 */
export async function unpackSpeechCommands(
  archive: string,
  folder: string,
  options: UnpackSpeechCommandsOptions,
): Promise<UnpackedCounts> {
  const { words, maxUnpackedBytes = MAX_UNPACKED_BYTES, signal } = options;
  const chooser = createChooser(words);
  const unpack = unpackTar(folder, {
    strict: true,
    filter: chooser.wants,
    map: (header) => ({ ...header, name: header.name.replace(/^\.\//, "") }),
    dmode: 0o755,
    fmode: 0o644,
  });
  try {
    await pipeline(createReadStream(archive), createGunzip(), limitBytes(maxUnpackedBytes), unpack, {
      signal,
    });
  } catch (cause) {
    // The unpacker begins to make the folder when nobody waits for it yet; who removes the folder must come after that.
    await mkdir(folder, { recursive: true });
    signal?.throwIfAborted();
    throw describeFailure(cause);
  }
  const missing = words.filter((word) => chooser.counts[word] === undefined);
  if (missing.length > 0) throw damaged(`the archive holds no recordings of ${missing.join(", ")}`);
  return chooser.counts;
}

/** Decides which entries are taken and counts them. */
function createChooser(words: readonly string[]) {
  const wanted = new Set(words);
  const seen = new Set<string>();
  const counts: UnpackedCounts = {};
  const wants = (header: TarHeader): boolean => {
    const { word, name } = (WORD_PATH.exec(header.name)?.groups ?? {}) as { word?: string; name?: string };
    if (word === undefined || name === undefined || !wanted.has(word)) return false;
    if (word !== BACKGROUND_NOISE_FOLDER && !/_nohash_\d+\.wav$/.test(name)) return false;
    checkEntry(header);
    // Some file systems take names that differ in case for one.
    const key = `${word}/${name}`.toLowerCase();
    if (seen.has(key)) throw damaged(`the archive holds ${header.name} twice`);
    seen.add(key);
    counts[word] = (counts[word] ?? 0) + 1;
    return true;
  };
  return { wants, counts };
}

function checkEntry({ name, size, type = "file" }: TarHeader): void {
  if (type !== "file") throw damaged(`expected ${name} to be a plain file, got a ${type}`);
  if (size > MAX_FILE_BYTES) {
    throw damaged(`expected ${name} to be at most ${MAX_FILE_BYTES} bytes, got ${size}`);
  }
}

function limitBytes(maxBytes: number): Transform {
  let nBytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      nBytes += chunk.length;
      if (nBytes > maxBytes) done(damaged(`expected at most ${maxBytes} bytes unpacked, got more`));
      else done(null, chunk);
    },
  });
}

function describeFailure(cause: unknown): unknown {
  if (cause instanceof CorpusError) return cause;
  const { message, syscall, code } = cause as NodeJS.ErrnoException;
  if (syscall) return new FileError(`cannot unpack: ${message}`, { cause });
  if (code?.startsWith("Z_")) return damaged(`the archive is cut or damaged: ${message}`, cause);
  return damaged(`the archive is no whole tar file: ${message}`, cause);
}

function damaged(message: string, cause?: unknown): CorpusError {
  return new CorpusError("corpus-download", message, { cause });
}
