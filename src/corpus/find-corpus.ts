import { CorpusError } from "../errors.ts";
import type { DownloadProgress } from "./archive-request.ts";
import { downloadEsc10 } from "./download-esc10.ts";
import { downloadSpeechCommands, type SpeechCommandsVersion } from "./download-speech-commands.ts";
import { findFsddRecordings } from "./fsdd.ts";
import { locateFsdd } from "./locate-fsdd.ts";
import { findEsc10 } from "./noise.ts";
import { findOtherSpeech } from "./other-speech.ts";
import { findSpeechCommands } from "./speech-commands.ts";

/** The corpora that models are trained and tried on. */
export const CORPUS_NAMES = ["fsdd", "speech-commands", "esc10", "other-speech"] as const;

/** One of {@link CORPUS_NAMES}. */
export type CorpusName = (typeof CORPUS_NAMES)[number];

/** Settings of {@link findCorpus}. */
export type FindCorpusOptions = {
  /** A folder that the user named. Default: `SPOKEN_DIGITS_DATA`, where it is set and not empty. */
  data?: string;
  /** Where downloads are kept. Default: `cacheFolder()`. */
  cacheDir?: string;
  /** Which version of Speech Commands to download. Default: `0.02`. */
  speechCommandsVersion?: SpeechCommandsVersion;
  /** Called for each chunk of a download that arrives. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Ends a download; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Finds a corpus: in the folder named by `data` or `SPOKEN_DIGITS_DATA`; when none is named in the cache folder; when it is
 * not there by downloading it. A folder that is named and does not hold it is an error, never a reason to look elsewhere.
 *
 * @param name Which.
 * @param options See {@link FindCorpusOptions}.
 * @returns The folder that its reader takes.
 * @throws {CorpusError} `corpus-missing`: it is not in the folder named, or none is named and it is `other-speech`, which
 *   cannot be downloaded; `corpus-download` and `corpus-digest`: it cannot be downloaded, or is not the one expected.
 * @throws {FileError} A folder cannot be read or written.
 * @throws {InvalidArgumentError} The address to download from is not http or https.
 */
export async function findCorpus(name: CorpusName, options: FindCorpusOptions = {}): Promise<string> {
  const { data, speechCommandsVersion: version, ...download } = options;
  const named = data || process.env.SPOKEN_DIGITS_DATA;
  if (named) return FINDERS[name](named);
  if (name === "fsdd") return locateFsdd(download);
  if (name === "speech-commands") return downloadSpeechCommands({ version, ...download });
  if (name === "esc10") return downloadEsc10(download);
  throw new CorpusError(
    "corpus-missing",
    "findCorpus: other-speech cannot be downloaded; name a folder that holds it with --data or SPOKEN_DIGITS_DATA",
  );
}

const FINDERS: Record<CorpusName, (folder: string) => Promise<string>> = {
  fsdd: findFsddRecordings,
  "speech-commands": findSpeechCommands,
  esc10: findEsc10,
  "other-speech": findOtherSpeech,
};
