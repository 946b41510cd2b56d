import { FileError, InvalidArgumentError } from "../errors.ts";

/** Whatever gives its bytes when asked: a `File`, a `Blob`, the `Response` of `fetch`. */
export type BlobLike = {
  /** All of the bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
};

/** A whole audio file: its bytes, something that holds them or, where there are paths, its path. */
export type AudioFile = Uint8Array | ArrayBuffer | BlobLike | string;

/** Reads a file by its path. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/**
 * Takes the bytes out of whatever holds them.
 *
 * @param file See {@link AudioFile}; a `Buffer` of Node.js is a Uint8Array.
 * @param readFile Reads paths. Default: there are none, as in browsers.
 * @throws {InvalidArgumentError} It is nothing of that kind.
 * @throws {FileError} It cannot be read.
 */
export async function bytesOf(file: AudioFile, readFile?: ReadFile): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  if (file instanceof ArrayBuffer) return new Uint8Array(file);
  if (typeof file === "string" && readFile) return readFile(file);
  if (isBlobLike(file)) return new Uint8Array(await read(file));
  const expected = `a Blob, an ArrayBuffer, a Uint8Array${readFile ? " or a path" : ""}`;
  throw new InvalidArgumentError(`the recording must be ${expected}, got ${describe(file)}`);
}

function isBlobLike(value: unknown): value is BlobLike {
  return typeof (value as BlobLike | null)?.arrayBuffer === "function";
}

async function read(file: BlobLike): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new FileError(`the recording cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the text ${JSON.stringify(value)}`;
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
