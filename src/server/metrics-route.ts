import type { FastifyInstance } from "fastify";
import type { ServerContext } from "./server-context.ts";

/**
 * Adds `GET /metrics`, in Prometheus' text format.
 *
 * @param server Is changed.
 * @param context The figures.
 */
export function registerMetricsRoute(
  server: FastifyInstance,
  { metrics: { registry } }: ServerContext,
): void {
  server.get(
    "/metrics",
    { schema: { tags: ["operation"], summary: "Figures for Prometheus", produces: ["text/plain"] } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
