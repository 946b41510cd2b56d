// The recordings that a request carries: its body, or the files of a form. They stay in memory; their names are read
// past.

import type { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { RequestError, SpokenDigitsError } from "../errors.ts";
import { readVoiceProfile, type VoiceProfile } from "../model/voice-profile.ts";
import type { Upload } from "./upload-room.ts";

/** What a request carries. */
export type RequestRecordings = {
  /** Whole audio files, each in memory of its own. */
  recordings: ArrayBuffer[];
  /** Whether several were sent, so that a list is expected. */
  isList: boolean;
  /** What the form's field `voice` holds, checked. */
  voice?: VoiceProfile;
};

/**
 * Takes the recordings out of a request.
 *
 * @param request With a body of bytes, or a form that is still to be read.
 * @throws {RequestError} `request-malformed`: no form as it should be; `request-too-large`.
 * @throws {VoiceProfileError} `voice-format`: the field `voice` holds none.
 * @throws {RequestError} `request-too-slow`: it was given up for others.
 * @throws {ServiceError} `service-busy`: there is no room for its bytes.
 */
export async function readRecordings(request: FastifyRequest): Promise<RequestRecordings> {
  if (!request.isMultipart()) return { recordings: [ownMemory(bodyOf(request))], isList: false };
  const { recordings, voice } = await request.upload.whileArriving(readForm(request));
  if (recordings.length > 0) return { recordings, isList: recordings.length > 1, voice };
  throw new RequestError("request-malformed", "the form holds no file");
}

/**
 * The body of a request that is no form.
 *
 * @param request Its body was read, if it has one.
 * @returns Empty where there is none.
 */
export function bodyOf({ body }: FastifyRequest): Buffer {
  return body instanceof Buffer ? body : Buffer.alloc(0);
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

/**
 * Reads all of a stream. When it fails the stream is left as it is, so that an answer can still be sent.
 *
 * @param stream A body, or a file of a form.
 * @param upload Told of every piece as it arrives; what it throws ends the reading.
 * @throws What the stream or `upload` throws.
 */
export function readBytes(stream: Readable, upload: Pick<Upload, "add">): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const settle = (finish: () => void) => {
      stream.off("data", onData).off("end", onEnd).off("error", onError);
      finish();
    };
    const onData = (piece: Buffer) => {
      try {
        upload.add(piece.length);
        pieces.push(piece);
      } catch (error) {
        onError(error);
      }
    };
    const onEnd = () => settle(() => resolve(Buffer.concat(pieces)));
    const onError = (error: unknown) => settle(() => reject(error));
    stream.on("data", onData).on("end", onEnd).on("error", onError);
  });
}

async function readForm(request: FastifyRequest): Promise<Omit<RequestRecordings, "isList">> {
  const recordings: ArrayBuffer[] = [];
  let voice: VoiceProfile | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === "field") {
        if (part.fieldname !== "voice") throw unexpectedField();
        request.upload.add(String(part.value).length);
        voice = readVoiceProfile(String(part.value));
      } else recordings.push(ownMemory(await readBytes(part.file, request.upload)));
    }
  } catch (error) {
    throw asFormError(error);
  }
  return { recordings, voice };
}

/**
 * The form's reader throws plain errors where the form is malformed; those of the plugin have a status.
 *
 * @param error What reading the form threw.
 * @returns `request-malformed` for the reader's own errors, any other error as it is.
 */
export function asFormError(error: unknown): unknown {
  if (error instanceof SpokenDigitsError || !(error instanceof Error) || "statusCode" in error) return error;
  return new RequestError("request-malformed", `the form cannot be read (${error.message})`, {
    cause: error,
  });
}

function unexpectedField(): RequestError {
  return new RequestError(
    "request-malformed",
    "the form holds a field that is neither a file nor voice; options belong into the address, for example ?trim=false",
  );
}
