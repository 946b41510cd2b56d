import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { ErrorReply } from "./schemas.ts";
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
    {
      schema: {
        operationId: "getMetrics",
        tags: ["operation"],
        summary: "Figures for Prometheus",
        response: {
          200: {
            description: "Prometheus' text format.",
            content: { "text/plain": { schema: Type.String() } },
          },
          401: ErrorReply,
        },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
