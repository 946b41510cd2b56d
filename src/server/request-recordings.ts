// The recordings that a request carries: its body, or the files of a form. They stay in memory; their names are read
// past.

import type { FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";

/** What a request carries. */
export type RequestRecordings = {
  /** Whole audio files, each in memory of its own. */
  recordings: ArrayBuffer[];
  /** Whether several were sent, so that a list is expected. */
  isList: boolean;
};

/**
 * Takes the recordings out of a request.
 *
 * @param request With a body of bytes, or a form that is still to be read.
 * @param options.maxBodyBytes Of all files of a form together.
 * @throws {RequestError} `request-malformed`: no form as it should be; `request-too-large`.
 */
export async function readRecordings(
  request: FastifyRequest,
  { maxBodyBytes }: { maxBodyBytes: number },
): Promise<RequestRecordings> {
  if (!request.isMultipart()) return { recordings: [ownMemory(bodyBytes(request.body))], isList: false };
  const recordings = await readForm(request, maxBodyBytes);
  if (recordings.length > 0) return { recordings, isList: recordings.length > 1 };
  throw new RequestError("request-malformed", "the form holds no file");
}

/**
 * Bytes that can be handed to a thread.
 *
 * @param bytes May be a view on memory that others use too.
 * @returns Memory that holds these bytes alone; copied where it has to be.
 */
export function ownMemory(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) return buffer;
  return new Uint8Array(bytes).buffer;
}

/** A request without a body has none to parse. */
function bodyBytes(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array();
}

async function readForm(request: FastifyRequest, maxBodyBytes: number): Promise<ArrayBuffer[]> {
  const recordings: ArrayBuffer[] = [];
  let nBytes = 0;
  try {
    for await (const part of request.parts()) {
      if (part.type === "field") throw unexpectedField();
      const bytes = await part.toBuffer();
      nBytes += bytes.length;
      if (nBytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
      recordings.push(ownMemory(bytes));
    }
  } catch (error) {
    throw asRequestError(error);
  }
  return recordings;
}

/** The form's reader throws plain errors where the form is malformed; those of the plugin have a status. */
function asRequestError(error: unknown): unknown {
  if (!(error instanceof Error) || "statusCode" in error || error instanceof RequestError) return error;
  return new RequestError("request-malformed", `the form cannot be read (${error.message})`, {
    cause: error,
  });
}

function unexpectedField(): RequestError {
  return new RequestError(
    "request-malformed",
    "the form holds a field that is no file; options belong into the address, for example ?trim=false",
  );
}

function tooLarge(limit: number): RequestError {
  return new RequestError(
    "request-too-large",
    `the files of the form hold more than ${limit} bytes (--max-body-bytes)`,
  );
}
