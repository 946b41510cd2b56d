// A server made ready to listen: what holds for all requests, then one plugin for each group of routes.

import fastify, { type FastifyInstance } from "fastify";
import { startClassifierPool } from "./classifier-pool.ts";
import { sendError } from "./error-reply.ts";
import { registerHealthRoutes } from "./health-routes.ts";
import { createLifecycle } from "./lifecycle.ts";
import { createMetrics } from "./metrics.ts";
import type { ServerContext } from "./server-context.ts";
import type { ServerSettings } from "./settings.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** What the routes were given. */
    context: ServerContext;
  }
}

/**
 * Starts the threads that classify and builds the server around them. The server listens once `listen` is called;
 * `close` ends the threads too.
 *
 * @param settings As read by `readSettings`.
 * @throws {ModelFormatError} The model is none of this package.
 * @throws {FileError} The model file cannot be read.
 */
export async function createServer(settings: ServerSettings): Promise<FastifyInstance> {
  const server = fastify({
    logger: { level: settings.logLevel },
    bodyLimit: settings.maxBodyBytes,
  });
  const pool = await startClassifierPool({
    ...settings,
    onFault: (err) => server.log.error({ err }, "a classifier thread could not be replaced"),
  });
  const context: ServerContext = {
    settings,
    pool,
    metrics: createMetrics(pool),
    lifecycle: createLifecycle(),
  };
  server.decorate("context", context);
  server.addHook("onClose", () => pool.close());
  server.setErrorHandler(sendError);
  registerHealthRoutes(server, context);
  // Live sessions: `if (settings.maxLiveSessions > 0) await registerLiveRoute(server, context);` belongs here.
  return server;
}
