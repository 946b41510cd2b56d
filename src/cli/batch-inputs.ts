// The recordings of a batch, listed as they are asked for: there may be more of them than memory could hold.

import { createReadStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { createInterface } from "node:readline";
import picomatch from "picomatch";
import { isAudioName } from "../corpus/list-folder.ts";
import { FileError, SpokenDigitsError } from "../errors.ts";
import { type FileInput, STANDARD_INPUT } from "./audio-inputs.ts";
import { isS3Address, listS3Objects } from "./s3.ts";
import { gzippedMembers, tarMembers } from "./tar-members.ts";

/** A recording and the name of its line; or what could not even be listed. */
export type BatchInput = { key: string; input: FileInput } | { key: string; error: SpokenDigitsError };

const GZIPPED_TAR = /\.(tar\.gz|tgz)$/i;

/** Between the path of an archive and the name of a file in it, as in the addresses of JAR files. */
const IN_ARCHIVE = "!/";

/**
 * Lists the recordings of sources, one source after another.
 *
 * @param sources Files; folders, with all audio files below them; patterns; archives (`.tar`, `.tar.gz`, `.tgz`); lists
 *   (`@FILE`, a file a line, `@-` from standard input); `s3://bucket/prefix`. Hidden files of folders are passed over.
 * @throws {InvalidArgumentError} An address of S3 is none, or its SDK is not installed.
 * @throws {FileError} A list or a bucket cannot be read: nobody knows what is missing then.
 */
export async function* listBatchInputs(sources: readonly string[]): AsyncGenerator<BatchInput> {
  for (const source of sources) yield* inputsOf(source);
}

/**
 * Counts what {@link listBatchInputs} would list.
 *
 * @param sources As there.
 * @returns Nothing where that cannot be known beforehand: of standard input and of compressed archives.
 */
export async function countBatchInputs(sources: readonly string[]): Promise<number | undefined> {
  if (sources.some((source) => source === `@${STANDARD_INPUT}` || GZIPPED_TAR.test(source))) return undefined;
  let count = 0;
  for await (const _ of listBatchInputs(sources)) count++;
  return count;
}

function inputsOf(source: string): AsyncGenerator<BatchInput> {
  if (source.startsWith("@")) return listed(source.slice(1));
  if (isS3Address(source)) return named(listS3Objects(source), source);
  if (/\.tar$/i.test(source)) return membersOf(source, slicesOf(source));
  if (GZIPPED_TAR.test(source)) return membersOf(source, unzipped(source));
  return filesOf(source);
}

async function* listed(path: string): AsyncGenerator<BatchInput> {
  const input = path === STANDARD_INPUT ? process.stdin : createReadStream(path);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim()) yield { key: line, input: line };
    }
  } catch (cause) {
    throw new FileError(`the list ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Where there is none, the source itself: reading it then says why. */
async function* named(names: AsyncIterable<string>, source: string): AsyncGenerator<BatchInput> {
  let isEmpty = true;
  for await (const name of names) {
    isEmpty = false;
    yield { key: name, input: name };
  }
  if (isEmpty) yield { key: source, input: source };
}

async function* membersOf(
  archive: string,
  members: AsyncIterable<{ name: string; input: FileInput }>,
): AsyncGenerator<BatchInput> {
  try {
    for await (const { name, input } of members) {
      yield { key: `${archive}${IN_ARCHIVE}${name}`, input };
    }
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    yield { key: archive, error };
  }
}

async function* slicesOf(path: string): AsyncGenerator<{ name: string; input: FileInput }> {
  for await (const { name, offset, size } of tarMembers(path)) {
    if (isAudioName(basename(name))) yield { name, input: { path, offset, size } };
  }
}

async function* unzipped(path: string): AsyncGenerator<{ name: string; input: FileInput }> {
  for await (const { name, bytes } of gzippedMembers(path, (member) => isAudioName(basename(member)))) {
    yield { name, input: bytes };
  }
}

async function* filesOf(source: string): AsyncGenerator<BatchInput> {
  const found = await stat(source).catch(() => undefined);
  const isAudio = (path: string) => isAudioName(basename(path));
  if (found?.isDirectory()) return yield* named(filesBelow(source, { isWanted: isAudio }), source);
  // A backslash is part of the path on Windows, and there alone.
  const toPattern = (path: string) => (sep === "\\" ? path.replaceAll(sep, "/") : path);
  const { base, glob, isGlob } = picomatch.scan(toPattern(source));
  if (found || !isGlob) return yield { key: source, input: source };
  const isMatch = picomatch(toPattern(source));
  const depth = glob.includes("**") ? undefined : glob.split("/").length;
  const files = filesBelow(base || ".", { isWanted: (path) => isMatch(toPattern(path)), depth });
  yield* named(files, source);
}

type Walk = { isWanted: (path: string) => boolean; depth?: number };

async function* filesBelow(
  folder: string,
  { isWanted, depth = Number.POSITIVE_INFINITY }: Walk,
): AsyncGenerator<string> {
  const entries = await opendir(folder).catch(() => undefined);
  // Reading it will say why.
  if (!entries) return yield folder;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) {
      if (isWanted(path)) yield path;
    } else if (depth > 1) yield* filesBelow(path, { isWanted, depth: depth - 1 });
  }
}
