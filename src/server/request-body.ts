// Bodies of requests, read into memory: plain bytes, and forms (multipart/form-data). Every byte that comes counts, also what
// is around the parts of a form.

import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyHeaders } from "@fastify/busboy";
import { RequestError, SpokenDigitsError } from "../errors.ts";
import type { Upload } from "./upload-room.ts";

/** A file of a form, whose name is read past, or a field. */
export type FormPart =
  | { isFile: true; bytes: Buffer<ArrayBuffer> }
  | { isFile: false; name: string; text: string };

/** A form that was read. */
export class Form {
  /** The files in their order, the fields in theirs. */
  readonly parts: readonly FormPart[];

  /** @param parts See {@link parts}. */
  constructor(parts: readonly FormPart[]) {
    this.parts = parts;
  }
}

/** What a form may hold. */
export type FormLimits = {
  /** Files at most. */
  maxFiles: number;
  /** Characters of a field at most; a longer one is cut after one more. */
  maxFieldLength: number;
};

/** Fields at most, and headers of a part: clients of OpenAI's API send up to eight, and three. */
const [MAX_FIELDS, MAX_HEADERS, MAX_HEADER_BYTES] = [16, 32, 8192] as const;

/**
 * Reads a form.
 *
 * @param payload The request's body. When it fails it is left as it is, so that an answer can still be sent.
 * @param upload Told of every piece as it arrives; what it throws ends the reading.
 * @param limits See {@link FormLimits}.
 * @throws {RequestError} `request-malformed`: it is no form, or ends early; `request-too-large`: it exceeds the limits.
 * @throws What the payload or `upload` throws.
 */
export async function readForm(
  payload: IncomingMessage,
  upload: Pick<Upload, "add">,
  limits: FormLimits,
): Promise<Form> {
  try {
    const reader = new FormReader(payload.headers as BusboyHeaders, limits);
    await readPieces(payload, (piece) => {
      upload.add(piece.length);
      reader.write(piece);
    });
    return new Form(await reader.end());
  } catch (error) {
    if (error instanceof SpokenDigitsError || (error as NodeJS.ErrnoException).code === "ECONNRESET")
      throw error;
    throw new RequestError("request-malformed", `the form cannot be read (${(error as Error).message})`, {
      cause: error,
    });
  }
}

class FormReader {
  readonly #parser: InstanceType<typeof Busboy>;
  readonly #parts: (FormPart | undefined)[] = [];
  #fault: unknown;

  constructor(headers: BusboyHeaders, { maxFiles, maxFieldLength }: FormLimits) {
    this.#parser = new Busboy({
      headers,
      limits: {
        files: maxFiles,
        fields: MAX_FIELDS,
        fieldSize: maxFieldLength + 1,
        parts: maxFiles + MAX_FIELDS,
        headerPairs: MAX_HEADERS,
        headerSize: MAX_HEADER_BYTES,
      },
    });
    this.#parser
      .on("file", (_name, file) => this.#takeFile(file))
      .on("field", (name, text) => this.#parts.push({ isFile: false, name, text }))
      .on("filesLimit", () => this.#fail(tooMany("files than the limit (--max-files)")))
      .on("fieldsLimit", () => this.#fail(tooMany("fields than the limit")))
      .on("partsLimit", () => this.#fail(tooMany("parts than the limit")))
      .on("error", (error) => this.#fail(error));
  }

  /** @throws What the parser found wrong. */
  write(piece: Buffer): void {
    this.#throwFault();
    this.#parser.write(piece);
    this.#throwFault();
  }

  /** @throws What the parser found wrong. */
  async end(): Promise<FormPart[]> {
    await new Promise<void>((resolve) => {
      this.#parser.once("finish", resolve).once("error", () => resolve());
      this.#parser.end();
    });
    this.#throwFault();
    return this.#parts.filter((part) => part !== undefined);
  }

  #takeFile(file: BusboyFileStream): void {
    const place = this.#parts.push(undefined) - 1;
    const gathered = new GatheredBytes();
    file
      .on("data", (piece: Buffer) => gathered.add(piece))
      .on("end", () => {
        this.#parts[place] = { isFile: true, bytes: gathered.take() };
      })
      .on("error", (error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#fault ??= error;
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }
}

const tooMany = (what: string) => new RequestError("request-too-large", `the form holds more ${what}`);

/** Room at the beginning, in bytes. */
const FIRST_CAPACITY = 16_384;

/**
 * Puts pieces into one memory as they come. A list of them would do for large ones: of pieces of a byte each, as a client may
 * send them, it takes a hundred times their bytes.
 */
class GatheredBytes {
  readonly #expected: number;
  #memory = Buffer.alloc(0);
  #length = 0;

  /** @param expected Bytes that were announced, for which no more room is made; 0 where nothing was. */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  /** @param piece Copied. */
  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#memory.length) this.#grow(length);
    this.#memory.set(piece, this.#length);
    this.#length = length;
  }

  /** All pieces in a row, alone in their memory. Nothing may be added later. */
  take(): Buffer<ArrayBuffer> {
    if (this.#length === this.#memory.length) return this.#memory;
    return this.#copied(this.#length);
  }

  #grow(length: number): void {
    const doubled = Math.max(length, 2 * this.#memory.length, FIRST_CAPACITY);
    this.#memory = this.#copied(length <= this.#expected ? Math.min(doubled, this.#expected) : doubled);
  }

  #copied(capacity: number): Buffer<ArrayBuffer> {
    const memory = Buffer.allocUnsafeSlow(capacity);
    this.#memory.copy(memory, 0, 0, this.#length);
    return memory;
  }
}

/**
 * Reads all of a body. When it fails the stream is left as it is, so that an answer can still be sent.
 *
 * @param stream The body.
 * @param upload Told of every piece as it arrives; what it throws ends the reading.
 * @param announced Bytes that it says it has, 0 where it does not say.
 * @returns Alone in its memory.
 * @throws What the stream or `upload` throws.
 */
export async function readBytes(
  stream: Readable,
  upload: Pick<Upload, "add">,
  announced = 0,
): Promise<Buffer<ArrayBuffer>> {
  const gathered = new GatheredBytes(announced);
  await readPieces(stream, (piece) => {
    upload.add(piece.length);
    gathered.add(piece);
  });
  return gathered.take();
}

/**
 * Hands on what comes of a body until its end.
 *
 * @param stream Left as it is after a failure.
 * @param onPiece Told of every piece; what it throws ends the reading.
 * @throws What the stream or `onPiece` throws.
 */
function readPieces(stream: Readable, onPiece: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stream.off("data", onData).off("end", onEnd).off("error", onError);
      finish();
    };
    const onData = (piece: Buffer) => {
      try {
        onPiece(piece);
      } catch (error) {
        onError(error);
      }
    };
    const onEnd = () => settle(resolve);
    const onError = (error: unknown) => settle(() => reject(error));
    stream.on("data", onData).on("end", onEnd).on("error", onError);
  });
}
