// The recordings of a batch, listed as they are asked for: there may be more of them than memory could hold.

import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { isAudioName } from "../corpus/list-folder.ts";
import { FileError, SpokenDigitsError } from "../errors.ts";
import { audioFilesOf, type FileInput, isS3Address, orItself, STANDARD_INPUT } from "./audio-inputs.ts";
import { listS3Objects } from "./s3.ts";
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
  if (isS3Address(source)) return asInputs(orItself(listS3Objects(source), source));
  if (/\.tar$/i.test(source)) return membersOf(source, slicesOf(source));
  if (GZIPPED_TAR.test(source)) return membersOf(source, unzipped(source));
  return asInputs(audioFilesOf(source));
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

async function* asInputs(names: AsyncIterable<string>): AsyncGenerator<BatchInput> {
  for await (const name of names) yield { key: name, input: name };
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
