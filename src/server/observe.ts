import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

/**
 * Counts every answer, and logs it at the level `debug`: which route, from where and how it ended, nothing of what was
 * sent.
 *
 * @param server Is changed.
 * @param metrics Count.
 */
export function observeRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook("onResponse", (request, reply, done) => {
    const { method, ip } = request;
    const route = request.routeOptions.url ?? "(none)";
    const { statusCode: status, elapsedTime: ms } = reply;
    metrics.countRequest({ route, method, status, seconds: ms / 1000 });
    request.log.debug({ method, route, status, ms, ip }, "answered");
    done();
  });
}
