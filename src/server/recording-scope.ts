// What routes that take recordings have in common. A request is decided on before its body is read: a server that has enough to
// do says so at once, and holds no more bytes than it was told to. Those who ask again and again meanwhile wait longer. What a
// request carries, its body or the files of a form, stays in memory; names of files are read past.

import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseBoundedJson } from "../bounded-json.ts";
import { RequestError, ServiceError, VoiceProfileError } from "../errors.ts";
import {
  MAX_PROFILE_LENGTH,
  PROFILE_BOUNDS,
  readVoiceProfile,
  type VoiceProfile,
} from "../model/voice-profile.ts";
import { lineBeside } from "../workers/pool-queue.ts";
import { addressKey } from "./connection-table.ts";
import { Form, readBytes, readForm } from "./request-body.ts";
import type { ServerContext } from "./server-context.ts";
import type { Upload } from "./upload-room.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Counts the bytes of a request with recordings. */
    upload: Upload;
    /** Line that it waits in: that of its address, or that beside it for many at once and for those who ask again at once. */
    line: string;
  }
}

/**
 * Prepares a scope for routes that take recordings: a gate in front, forms, and any other body as plain bytes.
 *
 * @param scope Is changed; what is registered in it from here on gets all this.
 * @param context The settings are the limits.
 */
export function prepareRecordingScope(scope: FastifyInstance, context: ServerContext): void {
  const { maxFiles } = context.settings;
  const admit = createAdmission(context);
  scope.decorateRequest("upload").decorateRequest("line");
  scope.addHook("preParsing", (request, reply, _payload, done) => {
    admit(request, reply);
    done();
  });
  scope.addHook("onSend", (_request, reply, _payload, done) => {
    // A client that keeps its connection would send the next request to a server that is gone by then.
    if (context.lifecycle.stopping.aborted) reply.header("connection", "close");
    done();
  });
  brakeRefusals(scope, () => context.lifecycle.stopping.aborted);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", ({ upload }: FastifyRequest, payload: IncomingMessage) =>
    upload.whileArriving(readBytes(payload, upload, announcedBytes(payload))),
  );
  scope.addContentTypeParser("multipart/form-data", ({ upload }: FastifyRequest, payload: IncomingMessage) =>
    upload.whileArriving(readForm(payload, upload, { maxFiles, maxFieldLength: MAX_PROFILE_LENGTH })),
  );
}

/** 0 where it does not say. */
const announcedBytes = ({ headers }: IncomingMessage) => Number(headers["content-length"] ?? 0);

/**
 * Makes the gate in front of every route that takes recordings. A request that is let in counts as under way, and its
 * bytes as held, until its connection has its answer or is gone.
 *
 * @param context.uploads The room for bytes.
 * @param context.pool Whether its queue is full.
 * @param context.lifecycle What is under way.
 * @param context.connections Who asks again at once.
 * @returns Throws `request-too-large`, `service-stopping` or `service-busy`.
 */
function createAdmission({ uploads, pool, lifecycle, connections }: ServerContext) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const address = addressKey(request.ip);
    const isHasty = connections.get(request.raw.socket)?.isHasty === true;
    request.line = isHasty ? lineBeside(address) : pool.lineFor(address);
    lifecycle.stopping.throwIfAborted();
    if (pool.isFull(request.line))
      throw new ServiceError("service-busy", "the server has all the work it can hold");
    const upload = uploads.open({ address, announced: announcedBytes(request.raw) });
    request.upload = upload;
    const end = lifecycle.begin();
    reply.raw.once("close", () => {
      upload.release();
      end();
    });
  };
}

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
  return readVoiceProfile(Object(profile)); // within a text nothing would be bounded
}

function unexpectedField(): RequestError {
  return new RequestError(
    "request-malformed",
    "the form holds a field that is neither a file nor voice; options belong into the address, for example ?trim=false",
  );
}

// A client that is refused at once asks again at once: some hundred of them keep the server busy with refusing. So from some
// refusals of a line in a second on, each is held back for a while. Such a client holds a connection and nothing else.

/** When refusals are held back, and for how long. */
type BrakeSettings = { perSecond: number; holdMs: number };

const DEFAULTS: BrakeSettings = { perSecond: 20, holdMs: 2000 };

/**
 * Holds back the refusals (503) of a scope's routes once there are many of them in one line, as long as the server is not
 * stopping.
 *
 * @param scope Is changed; its requests have a `line`, and an `upload` once they are let in.
 * @param isStopping Whether the server ends: then nothing is held back.
 * @param settings Default: all beyond 20 in a second, for two seconds.
 */
export function brakeRefusals(
  scope: FastifyInstance,
  isStopping: () => boolean,
  settings: BrakeSettings = DEFAULTS,
): void {
  const { perSecond, holdMs } = settings;
  const counts = new Map<string, number>();
  let second = 0;
  const isTooMany = (line: string) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) counts.clear();
    second = now;
    counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts.get(line)! > perSecond;
  };
  scope.addHook("onSend", (request, reply, _payload, done) => {
    const isHeld = reply.statusCode === 503 && isTooMany(request.line) && !isStopping();
    if (!isHeld) return done();
    // Others want what it would hold meanwhile.
    request.upload?.release();
    request.body = undefined;
    setTimeout(done, holdMs);
  });
}
