// The recordings that a request carries: its body, or the files of a form. They stay in memory; their names are read
// past.

import type { FastifyRequest } from "fastify";
import { parseBoundedJson } from "../bounded-json.ts";
import { RequestError, VoiceProfileError } from "../errors.ts";
import { PROFILE_BOUNDS, readVoiceProfile, type VoiceProfile } from "../model/voice-profile.ts";
import { Form } from "./request-body.ts";

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
 * @param request Its body was read: bytes, or a form.
 * @throws {RequestError} `request-malformed`: the form holds no file, or a field other than `voice`.
 * @throws {VoiceProfileError} `voice-format`: the field `voice` holds none.
 */
export function readRecordings({ body }: FastifyRequest): RequestRecordings {
  if (!(body instanceof Form)) return { recordings: [ownMemory(bodyOf({ body }))], isList: false };
  const recordings: ArrayBuffer[] = [];
  let voice: VoiceProfile | undefined;
  for (const part of body.parts) {
    if (part.isFile) recordings.push(part.bytes.buffer);
    else if (part.name === "voice") voice = readVoice(part.text);
    else throw unexpectedField();
  }
  if (recordings.length > 0) return { recordings, isList: recordings.length > 1, voice };
  throw new RequestError("request-malformed", "the form holds no file");
}

/**
 * The body of a request that is no form.
 *
 * @param request Its body was read, if it has one.
 * @returns Empty where there is none.
 */
export function bodyOf({ body }: Pick<FastifyRequest, "body">): Buffer {
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

function readVoice(text: string): VoiceProfile {
  let profile: unknown;
  try {
    profile = parseBoundedJson(text, PROFILE_BOUNDS);
  } catch (cause) {
    const reason = (cause as Error).message.slice(0, 80);
    throw new VoiceProfileError("voice-format", `voice profile: it is no JSON (${reason})`, { cause });
  }
  return readVoiceProfile(profile);
}

function unexpectedField(): RequestError {
  return new RequestError(
    "request-malformed",
    "the form holds a field that is neither a file nor voice; options belong into the address, for example ?trim=false",
  );
}
