import { open, readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { glob, isDynamicPattern } from "tinyglobby";
import { isAudioName } from "../corpus/list-folder.ts";
import { FileError, SpokenDigitsError } from "../errors.ts";
import { isS3Address, readS3Object } from "./s3.ts";

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
  const lists = await Promise.all(names.map((name) => (name === STANDARD_INPUT ? [name] : expand(name))));
  return lists.flat();
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
    return await (isS3Address(input) ? readS3Object(input) : readFile(input));
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

async function expand(name: string): Promise<string[]> {
  if (isS3Address(name)) return [name];
  const kind = await stat(name).then(
    (found) => (found.isDirectory() ? "folder" : "file"),
    // What is wrong with it comes out when it is read.
    () => "missing",
  );
  const files = await filesOf(name, kind);
  return files.length > 0 ? files : [name];
}

async function filesOf(name: string, kind: string): Promise<string[]> {
  if (kind === "folder") return audioFilesBelow(name).catch(() => []);
  if (kind === "file" || !isDynamicPattern(name)) return [];
  // A backslash is part of the path on Windows, and there alone.
  const pattern = sep === "\\" ? name.replaceAll(sep, "/") : name;
  const options = { onlyFiles: true, expandDirectories: false, absolute: isAbsolute(name) };
  return (await glob(pattern, options)).map(normalize).sort();
}

async function audioFilesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && isAudioName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  if (error.code === "EISDIR") return "the folder holds no audio files";
  return `cannot be read: ${error.message}`;
}
