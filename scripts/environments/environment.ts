/** What came of a trial. */
export type Result = {
  /** Of the bundler, runtime or package manager. */
  version: string;
  /** In words. */
  what: string;
  /** Begins with `ok` or says what went wrong. */
  result: string;
};

/** A trial: installs the tarball into a folder that is not there yet, and runs it. */
export type Environment = (place: { tarball: string; folder: string }) => Promise<Result>;
