import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { CorpusError, FileError } from "../errors.ts";

// Those of the formats that `decodeAudio` reads.
const AUDIO_EXTENSION =
  /\.(wav|wave|bwf|rf64|flac|ogg|oga|ogx|opus|mp1|mp2|mp3|mpga|m4a|m4b|m4r|mp4|m4v|mov|qt|3gp|3gpp|3g2|aac|adts|aif|aiff|aifc|au|snd|caf|sph|w64|webm|weba|mkv|mka|amr|awb)$/i;

/**
 * What lies in a folder. A folder that is not there, or is a file, holds nothing.
 *
 * @param caller Named in the message of the error.
 * @param folder Its path.
 * @returns Entries in the order of their names by code unit.
 * @throws {FileError} The folder is there and cannot be read.
 */
export async function listFolder(caller: string, folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw new FileError(`${caller}: cannot read the folder ${folder}: ${message}`, { cause });
  }
}

/**
 * The first folder that holds a corpus.
 *
 * @param candidates Paths, the best first.
 * @param options.holds Whether it lies in one of them.
 * @param options.expected Beginning of the error's message: who looked, and for what.
 * @param options.orElse What else may help, the end of the message. Default: nothing.
 * @throws {CorpusError} `corpus-missing`: none holds it; the message says where it looked and what to do.
 */
export async function firstFolder(
  candidates: readonly string[],
  options: { holds: (candidate: string) => Promise<boolean>; expected: string; orElse?: string },
): Promise<string> {
  const { holds, expected, orElse = "" } = options;
  for (const candidate of candidates) if (await holds(candidate)) return candidate;
  const advice = `name the folder with --data or SPOKEN_DIGITS_DATA${orElse}`;
  throw new CorpusError("corpus-missing", `${expected}, found none in ${candidates.join(", ")}; ${advice}`);
}

/**
 * The names of the audio files of a folder, by their extension. Hidden files and folders are passed over.
 *
 * @param caller Named in the message of the error.
 * @param folder A folder that is not there has none.
 * @returns Names in code-unit order.
 * @throws {FileError} As in {@link listFolder}.
 */
export async function listAudioNames(caller: string, folder: string): Promise<string[]> {
  const entries = await listFolder(caller, folder);
  return entries
    .filter((entry) => !entry.isDirectory() && isAudioName(entry.name))
    .map((entry) => entry.name);
}

/**
 * The names of the folders in a folder. Hidden ones are passed over.
 *
 * @param caller Named in the message of the error.
 * @param folder A folder that is not there has none.
 * @returns Names in code-unit order.
 * @throws {FileError} As in {@link listFolder}.
 */
export async function listFolderNames(caller: string, folder: string): Promise<string[]> {
  const entries = await listFolder(caller, folder);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name);
}

/** Whether a file is audio by the end of its name; a hidden one is not. */
export function isAudioName(name: string): boolean {
  return !name.startsWith(".") && AUDIO_EXTENSION.test(name);
}
