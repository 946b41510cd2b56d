import { CorpusError } from "../errors.ts";
import { type DownloadFsddOptions, downloadFsdd, fsddCacheFolder } from "./download-fsdd.ts";
import { findFsddRecordings } from "./fsdd.ts";

/** Settings of {@link locateFsdd}. */
export type LocateFsddOptions = DownloadFsddOptions & {
  /** A folder that the user named. Default: `SPOKEN_DIGITS_DATA`, where it is set and not empty. */
  data?: string;
  /** Whether to download the data set when it is nowhere. Default: true. */
  download?: boolean;
};

/**
 * Finds the Free Spoken Digit Dataset: in the folder named by `data` or `SPOKEN_DIGITS_DATA`, which holds the recordings,
 * `recordings/` or `fsdd/recordings/`; when none is named in the cache folder; when it is not there by downloading it.
 * A folder that is named and does not hold the data set is an error, never a reason to look elsewhere.
 *
 * @returns The folder of the WAV files, for `readFsdd`.
 * @throws {CorpusError} `corpus-missing`: not in the folder named, or nowhere and `download` is false;
 *   `corpus-download` and `corpus-digest` as in {@link downloadFsdd}.
 * @throws {FileError} A folder cannot be read or written.
 * @throws {InvalidArgumentError} As in {@link downloadFsdd}.
 */
export async function locateFsdd(options: LocateFsddOptions = {}): Promise<string> {
  const { data, download = true, ...downloadOptions } = options;
  const named = data || process.env.SPOKEN_DIGITS_DATA;
  if (named) return findFsddRecordings(named);
  if (download) return findFsddRecordings(await downloadFsdd(downloadOptions));
  return findFsddRecordings(fsddCacheFolder(options.cacheDir)).catch((cause: unknown) => {
    throw cause instanceof CorpusError ? missing(fsddCacheFolder(options.cacheDir), cause) : cause;
  });
}

function missing(cached: string, cause: CorpusError): CorpusError {
  return new CorpusError(
    "corpus-missing",
    `locateFsdd: no folder is named by --data or SPOKEN_DIGITS_DATA, and ${cached} is not there; ` +
      "name one, or download the data set with `spoken-digits data`",
    { cause },
  );
}
