import { CorpusError } from "../errors.ts";
import type { CorpusDownloadOptions, CorpusFolders, CorpusName } from "./corpora.ts";
import { CORPORA, CORPUS_NAMES } from "./corpora.ts";

/** Settings of {@link findCorpus}. */
export type FindCorpusOptions = CorpusDownloadOptions & {
  /** A folder that the user named. Default: `SPOKEN_DIGITS_DATA`, where it is set and not empty. */
  data?: string;
};

/**
 * Finds a corpus: in the folder named by `data` or `SPOKEN_DIGITS_DATA`; when none is named in the cache folder; when it is
 * not there by downloading it. A folder that is named and does not hold it is an error, never a reason to look elsewhere.
 *
 * @param name Which.
 * @param options See {@link FindCorpusOptions}.
 * @returns The folder that its reader takes.
 * @throws {CorpusError} `corpus-missing`: it is not in the folder named, or none is named and it cannot be downloaded;
 *   `corpus-download` and `corpus-digest`: it cannot be downloaded, or is not the one expected.
 * @throws {FileError} A folder cannot be read or written.
 * @throws {InvalidArgumentError} The address to download from is not http or https.
 */
export async function findCorpus(name: CorpusName, options: FindCorpusOptions = {}): Promise<string> {
  const { data, ...download } = options;
  const corpus = await CORPORA[name]();
  const named = data || process.env.SPOKEN_DIGITS_DATA;
  if (named) return corpus.find(named);
  if (corpus.download) return corpus.find(await corpus.download(download));
  throw new CorpusError(
    "corpus-missing",
    `findCorpus: ${name} cannot be downloaded; name a folder that holds it with --data or SPOKEN_DIGITS_DATA`,
  );
}

/** Settings of {@link locateCorpora}. */
export type LocateCorporaOptions = {
  /** A folder that the user named. Default: `SPOKEN_DIGITS_DATA`, where it is set and not empty. */
  data?: string;
  /** A folder of voices that the user named. Default: none. */
  voices?: string;
  /** A folder of synthetic speech that the user named. Default: none. */
  synthesized?: string;
  /** Where downloads are kept. Default: `cacheFolder()`. */
  cacheDir?: string;
};

/**
 * Finds every corpus that is at hand: below the folder named by `data` or `SPOKEN_DIGITS_DATA` (`fsdd/recordings/`,
 * `speech-commands/`, `noise/esc10/`, `other-speech/`, `speech-commands-more/`, `connected/`, `speech/`), which may also be one of the corpora itself; when no folder is named, in
 * the cache folder (of two versions of Speech Commands the newer). Nothing is downloaded.
 *
 * @returns The folders of those that are there.
 * @throws {CorpusError} `corpus-missing`: a folder is named and holds none of them.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function locateCorpora(options: LocateCorporaOptions = {}): Promise<CorpusFolders> {
  const named = options.data || process.env.SPOKEN_DIGITS_DATA;
  const folders: CorpusFolders = {};
  // What is made, not recorded for this, is looked for in no place but that which is named for it.
  for (const name of CORPUS_NAMES.filter((name) => name !== "voices" && name !== "synthesized")) {
    const places = named ? [named] : await cachedPlaces(name, options.cacheDir);
    const folder = await findFirst(name, places);
    if (folder !== undefined) folders[name] = folder;
  }
  if (named && Object.keys(folders).length === 0) {
    throw new CorpusError(
      "corpus-missing",
      `locateCorpora: expected fsdd/recordings, speech-commands, noise/esc10 or other-speech in ${named}, found none; ` +
        "name another folder with --data or SPOKEN_DIGITS_DATA",
    );
  }
  const { voices, synthesized } = options;
  return {
    ...folders,
    ...(voices !== undefined && { voices }),
    ...(synthesized !== undefined && { synthesized }),
  };
}

async function cachedPlaces(name: CorpusName, cacheDir?: string): Promise<string[]> {
  const { cached } = await CORPORA[name]();
  return cached ? cached(cacheDir) : [];
}

async function findFirst(name: CorpusName, places: readonly string[]): Promise<string | undefined> {
  const corpus = await CORPORA[name]();
  for (const place of places) {
    try {
      return await corpus.find(place);
    } catch (error) {
      if (!(error instanceof CorpusError && error.code === "corpus-missing")) throw error;
    }
  }
  return undefined;
}
