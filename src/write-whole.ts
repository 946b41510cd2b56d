import { rename, rm, writeFile } from "node:fs/promises";
import { FileError } from "./errors.ts";

/**
 * Writes a file beside its place and renames it, so that it is never seen half-made; what a failure leaves is taken away.
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
