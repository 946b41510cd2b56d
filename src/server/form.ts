// Forms (multipart/form-data), read into memory. Every byte that comes counts, also what is around the parts.

import type { IncomingMessage } from "node:http";
import { Busboy, type BusboyFileStream, type BusboyHeaders } from "@fastify/busboy";
import { RequestError, SpokenDigitsError } from "../errors.ts";
import { GatheredBytes, readPieces } from "./gathered-bytes.ts";
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
