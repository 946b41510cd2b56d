import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CorpusError, InvalidArgumentError } from "../errors.ts";

/** How {@link makeWholeFolder} fills a folder. */
export type WholeFolderOptions = {
  /** Ends the work and leaves nothing; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** What is told of a failure. */
  reasonOf: (cause: unknown) => string;
};

/**
 * Makes a folder of voices that is there with all that is in it, or not at all.
 *
 * @param folder Is not there yet.
 * @param options See {@link WholeFolderOptions}.
 * @param fill Fills the empty folder that it is given, and may use the one above for its work.
 * @throws {InvalidArgumentError} The folder is there.
 * @throws {CorpusError} `corpus-download`: it could not be filled; nothing is left behind.
 */
export async function makeWholeFolder(
  folder: string,
  { signal, reasonOf }: WholeFolderOptions,
  fill: (empty: string, work: string) => Promise<void>,
): Promise<void> {
  const target = resolve(folder);
  if (await stat(target).catch(() => undefined)) {
    throw new InvalidArgumentError(`voices: ${folder} is there already; name another folder`);
  }
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}.part-`);
  try {
    const empty = join(work, "voices");
    await mkdir(empty);
    await fill(empty, work);
    await rename(empty, target);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CorpusError("corpus-download", `voices: ${reasonOf(cause)}`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
