import { join } from "node:path";
import { CorpusError } from "../errors.ts";
import { esc10CacheFolder } from "./download-esc10.ts";
import { fsddCacheFolder } from "./download-fsdd.ts";
import { speechCommandsCacheFolder } from "./download-speech-commands.ts";
import { findFsddRecordings } from "./fsdd.ts";
import { findEsc10 } from "./noise.ts";
import { findOtherSpeech } from "./other-speech.ts";
import { findSpeechCommands } from "./speech-commands.ts";
import { findWordTable } from "./word-table.ts";

/** Where the corpora lie, each as the folder that its reader takes; one that is nowhere is undefined. */
export type CorpusFolders = {
  /** For `readFsdd`. */
  fsdd?: string;
  /** For `readSpeechCommands`. */
  speechCommands?: string;
  /** For `readEsc10`. */
  esc10?: string;
  /** For `readOtherSpeech`. */
  otherSpeech?: string;
  /** For `readConnectedSpeech`. */
  connected?: string;
  /** For `readSpeech`. */
  speech?: string;
  /** More speakers of Speech Commands, for `readSpeechCommands`. */
  speechCommandsMore?: string;
  /** For `readVoices`; only ever as named. */
  voices?: string;
};

/** Settings of {@link locateCorpora}. */
export type LocateCorporaOptions = {
  /** A folder that the user named. Default: `SPOKEN_DIGITS_DATA`, where it is set and not empty. */
  data?: string;
  /** A folder of voices that the user named. Default: none. */
  voices?: string;
  /** Where downloads are kept. Default: `cacheFolder()`. */
  cacheDir?: string;
};

/**
 * Finds every corpus that is at hand: below the folder named by `data` or `SPOKEN_DIGITS_DATA` (`fsdd/recordings/`,
 * `speech-commands/`, `noise/esc10/`, `other-speech/`, `connected/`, `speech/`, `speech-commands-more/`), which may also be one of the corpora itself; when no folder is named, in
 * the cache folder (of two versions of Speech Commands the newer). Nothing is downloaded.
 *
 * @returns The folders; those that are not there are undefined.
 * @throws {CorpusError} `corpus-missing`: a folder is named and holds none of them.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function locateCorpora(options: LocateCorporaOptions = {}): Promise<CorpusFolders> {
  const named = options.data || process.env.SPOKEN_DIGITS_DATA;
  const { voices } = options;
  if (!named) return { ...(await locateCached(options.cacheDir)), voices };
  const folders = {
    fsdd: await orUndefined(findFsddRecordings(named)),
    speechCommands: await orUndefined(findSpeechCommands(named)),
    esc10: await orUndefined(findEsc10(named)),
    otherSpeech: await orUndefined(findOtherSpeech(named)),
    connected: await orUndefined(findWordTable(join(named, "connected"))),
    speech: await orUndefined(findWordTable(join(named, "speech"))),
    speechCommandsMore: await orUndefined(findSpeechCommands(join(named, "speech-commands-more"))),
  };
  if (Object.values(folders).some((folder) => folder !== undefined)) return { ...folders, voices };
  throw new CorpusError(
    "corpus-missing",
    `locateCorpora: expected fsdd/recordings, speech-commands, noise/esc10 or other-speech in ${named}, found none; ` +
      "name another folder with --data or SPOKEN_DIGITS_DATA",
  );
}

async function locateCached(cacheDir: string | undefined): Promise<CorpusFolders> {
  const findVersion = (version: "0.02" | "0.01") =>
    orUndefined(findSpeechCommands(speechCommandsCacheFolder(version, cacheDir)));
  return {
    fsdd: await orUndefined(findFsddRecordings(fsddCacheFolder(cacheDir))),
    speechCommands: (await findVersion("0.02")) ?? (await findVersion("0.01")),
    esc10: await orUndefined(findEsc10(esc10CacheFolder(cacheDir))),
  };
}

async function orUndefined(found: Promise<string>): Promise<string | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof CorpusError && error.code === "corpus-missing") return undefined;
    throw error;
  }
}
