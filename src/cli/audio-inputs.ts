import { readFileSync } from "node:fs";
import { open, opendir, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import picomatch from "picomatch";
import { isAudioName } from "../corpus/list-folder.ts";
import { FileError, SpokenDigitsError } from "../errors.ts";

/** What stands for standard input among the names of files. */
export const STANDARD_INPUT = "-";

/** A part of a file, such as a member of an archive. */
type FileSlice = { path: string; offset: number; size: number };

/** A file's path, `-` or the address of an object in S3; a part of a file; or bytes that are here already. */
export type FileInput = string | FileSlice | Uint8Array;

/**
 * Turns what was named on the command line into single files.
 *
 * @param names Files, folders, patterns (for shells that leave them as they are, as Windows' do), or `-`.
 * @returns Files and `-` as they are; for each folder all audio files in it and below, sorted, or the folder itself when
 *   there are none (reading it then fails). Hidden files are passed over.
 */
export async function listAudioInputs(names: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(names.map(expand));
  return lists.flat();
}

async function expand(name: string): Promise<string[]> {
  if (name === STANDARD_INPUT || isS3Address(name)) return [name];
  const files: string[] = [];
  for await (const file of audioFilesOf(name)) files.push(file);
  return files.sort();
}

/** Whether a name is `s3://bucket/key`. @param name Any. */
export const isS3Address = (name: string): boolean => name.startsWith("s3://");

/**
 * The files that a name stands for, as they are found.
 *
 * @param name A file; a folder, with all audio files in it and below; a pattern. Hidden files are passed over.
 * @returns The name itself where there is none: reading it says why.
 */
export async function* audioFilesOf(name: string): AsyncGenerator<string> {
  const found = await stat(name).catch(() => undefined);
  const isAudio = (path: string) => isAudioName(basename(path));
  if (found?.isDirectory()) return yield* orItself(filesBelow(name, { isWanted: isAudio }), name);
  // A backslash is part of the path on Windows, and there alone.
  const toPattern = (path: string) => (sep === "\\" ? path.replaceAll(sep, "/") : path);
  const { base, glob, isGlob } = picomatch.scan(toPattern(name));
  if (found || !isGlob) return yield name;
  const isMatch = picomatch(toPattern(name));
  const depth = glob.includes("**") ? undefined : glob.split("/").length;
  const isWanted = (path: string) => isMatch(toPattern(path));
  yield* orItself(filesBelow(base || ".", { isWanted, depth }), name);
}

/**
 * Names that were found; where there are none, what they were looked for under.
 *
 * @param names Found.
 * @param name What they were looked for under.
 */
export async function* orItself(names: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const found of names) {
    isEmpty = false;
    yield found;
  }
  if (isEmpty) yield name;
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

/**
 * Reads one input.
 *
 * @param input See {@link FileInput}.
 * @throws {FileError} It cannot be read. The message does not name it.
 */
export async function readAudioInput(input: FileInput): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input;
  if (input === STANDARD_INPUT) return buffer(process.stdin);
  try {
    if (typeof input !== "string") return await readSlice(input);
    // At once: four ways through the pool of threads take longer than a short recording's bytes.
    if (!isS3Address(input)) return readFileSync(input);
    const { readS3Object } = await import("./s3.ts");
    return await readS3Object(input);
  } catch (cause) {
    if (cause instanceof SpokenDigitsError) throw cause;
    throw new FileError(reasonOf(cause as NodeJS.ErrnoException), { cause });
  }
}

/** What a process is sent for a file. @param file Its path, or `-`. */
export async function fileInput(file: string): Promise<FileInput> {
  return file === STANDARD_INPUT ? readAudioInput(file) : file;
}

/**
 * The bytes of the only file of a command, if they are to be worked on in this process: WAV and AIFF are read by code of our
 * own that trusts nothing.
 *
 * @param file Its path, or `-`.
 * @returns Otherwise what a process is sent.
 */
export async function readPlainFile(file: string): Promise<{ plain: Uint8Array } | { input: FileInput }> {
  const bytes = await readAudioInput(file);
  const isPlain = bytes.length === 0 || PLAIN.test(String.fromCharCode(...bytes.subarray(0, 4)));
  return isPlain ? { plain: bytes } : { input: file === STANDARD_INPUT ? bytes : file };
}

/** How a WAV or an AIFF begins. */
const PLAIN = /^(RIFF|RIFX|RF64|FORM)/;

async function readSlice({ path, offset, size }: FileSlice): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { bytesRead, buffer: bytes } = await file.read(Buffer.alloc(size), 0, size, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  if (error.code === "EISDIR") return "the folder holds no audio files";
  return `cannot be read: ${error.message}`;
}
