import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";

const METHODS = ["GET", "HEAD", "POST"] as const;

/**
 * Answers requests for which there is no route: where the address takes other methods, it says which.
 *
 * @param server Is changed; its routes may come later.
 */
export function refuseUnknownRequests(server: FastifyInstance): void {
  server.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const [url = ""] = request.url.split("?");
    const allowed = METHODS.filter((method) => server.hasRoute({ method, url }));
    if (allowed.length === 0) throw new RequestError("request-not-found", "there is nothing at this address");
    reply.header("allow", allowed.join(", "));
    throw new RequestError(
      "request-method",
      `this address takes ${allowed.join(", ")}, not ${request.method}`,
    );
  });
}
