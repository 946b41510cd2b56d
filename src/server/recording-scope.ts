import multipart from "@fastify/multipart";
import type { FastifyInstance } from "fastify";
import { createAdmission } from "./admission.ts";
import type { ServerContext } from "./server-context.ts";

/**
 * Prepares a scope for routes that take recordings: a gate in front, forms, and any other body as plain bytes.
 *
 * @param scope Is changed; what is registered in it from here on gets all this.
 * @param context The settings are the limits.
 */
export async function prepareRecordingScope(scope: FastifyInstance, context: ServerContext): Promise<void> {
  const { maxBodyBytes, maxFiles } = context.settings;
  const admit = createAdmission(context);
  scope.addHook("preParsing", (request, reply, _payload, done) => {
    admit(request, reply);
    done();
  });
  scope.addHook("onSend", (_request, reply, _payload, done) => {
    // A client that keeps its connection would send the next request to a server that is gone by then.
    if (context.lifecycle.stopping.aborted) reply.header("connection", "close");
    done();
  });
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  await scope.register(multipart, {
    limits: { fileSize: maxBodyBytes, files: maxFiles, fields: 1, parts: maxFiles + 2, headerPairs: 32 },
  });
}
