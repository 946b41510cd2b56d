import { readdir, readFile, stat } from "node:fs/promises";
import { extname, isAbsolute, join, normalize, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { glob, isDynamicPattern } from "tinyglobby";
import { FileError } from "../errors.ts";

/** What stands for standard input among the names of files. */
export const STANDARD_INPUT = "-";

const AUDIO_EXTENSIONS = new Set(
  ".aac .aif .aifc .aiff .flac .m4a .mp3 .mp4 .oga .ogg .opus .wav .wave .webm".split(" "),
);

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
 * @param name A file, or `-` for standard input.
 * @throws {FileError} It cannot be read. The message does not name it.
 */
export async function readAudioInput(name: string): Promise<Uint8Array> {
  if (name === STANDARD_INPUT) return buffer(process.stdin);
  try {
    return await readFile(name);
  } catch (cause) {
    throw new FileError(reasonOf(cause as NodeJS.ErrnoException), { cause });
  }
}

async function expand(name: string): Promise<string[]> {
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
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith("."))
    .filter((entry) => AUDIO_EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  if (error.code === "EISDIR") return "the folder holds no audio files";
  return `cannot be read: ${error.message}`;
}
