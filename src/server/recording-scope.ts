import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { MAX_PROFILE_LENGTH } from "../model/voice-profile.ts";
import { createAdmission } from "./admission.ts";
import { readForm } from "./form.ts";
import { readBytes } from "./gathered-bytes.ts";
import { brakeRefusals } from "./refusal-brake.ts";
import type { ServerContext } from "./server-context.ts";

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
