// The file of a batch's results: lines are added at its end alone, so whatever ends the process leaves whole lines and at most
// one that is cut.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import { FileError, InvalidArgumentError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import type { LineFormat } from "./output-format.ts";

/** How {@link openResultFile} begins. */
export type ResultFileOptions = {
  /** How its lines are read back. */
  format: LineFormat;
  /** What comes before the first line of a new file. */
  head: string;
  /** Whether one that is there goes on. */
  resume?: boolean;
  /** Whether one that is there is lost. */
  overwrite?: boolean;
};

/** A file of results. */
export type ResultFile = {
  /** Lines that were there. */
  readonly nDone: number;
  /** Whether a recording has neither a line nor been asked for before; from now on it has. @param key Its name. */
  claim(key: string): boolean;
  /** Adds whole lines. @param lines Each with its line feed. */
  append(lines: string): Promise<void>;
  close(): Promise<void>;
};

const READ_BYTES = 65_536;

/**
 * Opens a file of results.
 *
 * @param path Its folder is there.
 * @param options See {@link ResultFileOptions}.
 * @throws {InvalidArgumentError} It is there, and nobody said what is to become of it.
 * @throws {FileError} It cannot be written, or what is there is no file of results.
 */
export async function openResultFile(path: string, options: ResultFileOptions): Promise<ResultFile> {
  const { format, head, resume, overwrite } = options;
  const found = await stat(path).catch(() => undefined);
  if (found?.size && !resume && !overwrite) {
    throw new InvalidArgumentError(`${path} is there: --resume goes on with it, --overwrite begins anew`);
  }
  const keys = new KeySet();
  const file = await open(path, resume ? "a+" : "w").catch(asFileError(`cannot write ${path}`));
  if (resume && found) await readBack(file, { path, format, keys });
  let pending = (await file.stat()).size === 0 ? head : "";
  let written: Promise<void> = Promise.resolve();
  return {
    nDone: keys.size,
    claim: (key) => keys.add(key),
    append(lines) {
      const text = pending + lines;
      pending = "";
      written = written.then(() => file.appendFile(text));
      return written;
    },
    close: () => written.catch(() => undefined).then(() => file.close()),
  };
}

type ReadBack = { path: string; format: LineFormat; keys: KeySet };

async function readBack(file: FileHandle, { path, format, keys }: ReadBack): Promise<void> {
  await file.truncate(await endOfLastLine(file));
  try {
    for await (const key of format === "json" ? jsonKeys(path) : csvKeys(path, file)) keys.add(key);
  } catch (cause) {
    await file.close();
    throw new FileError(`--resume: ${path} is no ${format} file of results: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Past the last line feed; what follows was cut. */
async function endOfLastLine(file: FileHandle): Promise<number> {
  for (let end = (await file.stat()).size; end > 0; end -= READ_BYTES) {
    const start = Math.max(0, end - READ_BYTES);
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const at = buffer.lastIndexOf("\n");
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

async function* jsonKeys(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield (JSON.parse(line) as { file: string }).file;
  }
}

/** A line that is cut within quotes may end in a line feed of the name in them. */
async function* csvKeys(path: string, file: FileHandle): AsyncGenerator<string> {
  const records = createReadStream(path).pipe(parse({ info: true, from: 2 }));
  let end = 0;
  try {
    for await (const { record, info } of records as AsyncIterable<{
      record: string[];
      info: { bytes: number };
    }>) {
      end = info.bytes;
      yield record[0]!;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== "CSV_QUOTE_NOT_CLOSED") throw error;
    await file.truncate(end);
  }
}

/** Names by their hash, 64 bits of SHA-256, in 16 to 32 bytes each: two of a million names are alike once in 37 million times. */
class KeySet {
  #slots = new BigUint64Array(4096);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns Whether it was not there. */
  add(key: string): boolean {
    // Zero is an empty slot.
    const hash = createHash("sha256").update(key).digest().readBigUInt64LE() || 1n;
    const slot = slotOf(this.#slots, hash);
    if (this.#slots[slot] === hash) return false;
    this.#slots[slot] = hash;
    if (++this.#size > this.#slots.length / 2) this.#grow();
    return true;
  }

  #grow(): void {
    const slots = new BigUint64Array(2 * this.#slots.length);
    for (const hash of this.#slots) if (hash !== 0n) slots[slotOf(slots, hash)] = hash;
    this.#slots = slots;
  }
}

/** Where a hash is, or could go. */
function slotOf(slots: BigUint64Array, hash: bigint): number {
  let slot = Number(hash & BigInt(slots.length - 1));
  while (slots[slot] !== 0n && slots[slot] !== hash) slot = (slot + 1) % slots.length;
  return slot;
}
