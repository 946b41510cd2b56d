import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "./errors.ts";

/** Names of files that are being written: the number is that of the process. */
const TEMPORARY = /\.\d+\.tmp$/;

/**
 * Writes a file beside its place and renames it, so that it is never seen half-made; what a failure leaves is taken away.
 * What a killed process leaves, {@link removeTemporaries} takes away.
 *
 * @param path Its place; the folder is there.
 * @param contents What it shall hold.
 * @throws {FileError} It cannot be written; the message names its path.
 */
export async function writeWhole(path: string, contents: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, contents);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "its folder is not there" : message;
    throw new FileError(`writeWhole: cannot write ${path}: ${reason}`, { cause });
  }
}

/** Takes away what killed processes left half-written. @param folder Nobody else writes in it meanwhile. */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => TEMPORARY.test(name));
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}
