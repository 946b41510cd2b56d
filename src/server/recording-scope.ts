import type { IncomingMessage } from "node:http";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { MAX_PROFILE_LENGTH } from "../model/voice-profile.ts";
import { createAdmission } from "./admission.ts";
import { brakeRefusals } from "./refusal-brake.ts";
import { readBytes } from "./request-recordings.ts";
import type { ServerContext } from "./server-context.ts";

/** Files are cut at this many bytes more than a request may have: the request is refused before that. */
const BEYOND_LIMIT = 1;

/**
 * Prepares a scope for routes that take recordings: a gate in front, forms, and any other body as plain bytes.
 *
 * @param scope Is changed; what is registered in it from here on gets all this.
 * @param context The settings are the limits.
 */
export async function prepareRecordingScope(scope: FastifyInstance, context: ServerContext): Promise<void> {
  const { maxBodyBytes, maxFiles } = context.settings;
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
  scope.addContentTypeParser("*", (request: FastifyRequest, payload: IncomingMessage) =>
    request.upload.whileArriving(readBytes(payload, request.upload)),
  );
  await scope.register(multipart, {
    limits: {
      fileSize: maxBodyBytes + BEYOND_LIMIT,
      files: maxFiles,
      fields: 1,
      fieldSize: MAX_PROFILE_LENGTH,
      parts: maxFiles + 2,
      headerPairs: 32,
    },
  });
}
