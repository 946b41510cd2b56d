import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { ServiceError } from "../errors.ts";
import { ErrorReply } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";

/** They answer on connections beyond the limits and under any name, too. */
export const HEALTH_PATHS: readonly string[] = ["/healthz", "/readyz"];

const Health = Type.Object({ status: Type.Literal("ok") });

/**
 * Adds `/healthz` (the process answers) and `/readyz` (it takes work), for those that watch over servers.
 *
 * @param server Is changed.
 * @param context.lifecycle Whether the server is being shut down.
 * @param context.pool Whether a process is left.
 */
export function registerHealthRoutes(server: FastifyInstance, { lifecycle, pool }: ServerContext): void {
  server.get(
    "/healthz",
    {
      schema: {
        operationId: "isAlive",
        tags: ["operation"],
        summary: "Whether the process answers",
        response: { 200: Health, 405: ErrorReply },
      },
    },
    () => ({ status: "ok" }),
  );
  server.get(
    "/readyz",
    {
      schema: {
        operationId: "isReady",
        tags: ["operation"],
        summary: "Whether the server takes work",
        response: { 200: Health, 405: ErrorReply, 503: ErrorReply },
      },
    },
    () => {
      lifecycle.stopping.throwIfAborted();
      if (pool.workers === 0)
        throw new ServiceError("service-busy", "no process that classifies is left; they are started again");
      return { status: "ok" };
    },
  );
}
