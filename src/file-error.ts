import { FileError } from "./errors.ts";

/**
 * Makes a {@link FileError} of what the file system says: `readFile(path).catch(asFileError(...))`.
 *
 * @param what Beginning of the message: what cannot be done, with the path.
 * @param whereMissing Its end where there is no such file. Default: the system's own reason, as for all else.
 * @returns Throws when it is called.
 */
export function asFileError(what: string, whereMissing?: string): (cause: NodeJS.ErrnoException) => never {
  return (cause) => {
    const reason = cause.code === "ENOENT" && whereMissing ? whereMissing : cause.message;
    throw new FileError(`${what}: ${reason}`, { cause });
  };
}
