// A server made ready to listen: what holds for all requests, then one file for each group of routes.

import fastify, { type FastifyInstance, type FastifyPluginAsync, LogController } from "fastify";
import { refuseUnknownRequests } from "./allowed-methods.ts";
import { registerApiDocument } from "./api-document.ts";
import { answerBrokenRequest } from "./broken-request.ts";
import { startClassifierPool } from "./classifier-pool.ts";
import { registerClassifyRoute } from "./classify-route.ts";
import { sendError } from "./error-reply.ts";
import { registerHealthRoutes } from "./health-routes.ts";
import { registerHuggingFaceRoute } from "./hugging-face-route.ts";
import { createLifecycle } from "./lifecycle.ts";
import { registerLiveRoute } from "./live-route.ts";
import { createMetrics } from "./metrics.ts";
import { registerMetricsRoute } from "./metrics-route.ts";
import { registerModelRoute } from "./model-route.ts";
import { observeRequests } from "./observe.ts";
import { registerOpenAiRoute } from "./openai-route.ts";
import { limitRate, protectServer, requireToken } from "./protect.ts";
import { prepareRecordingScope } from "./recording-scope.ts";
import type { ServerContext } from "./server-context.ts";
import type { ServerSettings } from "./settings.ts";
import { findSite, registerMissingSite, registerSite } from "./site-route.ts";
import { registerTranscribeRoute } from "./transcribe-route.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** What the routes were given. */
    context: ServerContext;
    /** Whether there is a page at `/`. */
    hasSite: boolean;
  }
}

/** How often connections are looked at for requests that take too long to arrive, in ms. */
const CONNECTION_CHECK_MS = 1000;

/** Time for a request's headers alone at most, in ms. */
const MAX_HEADERS_MS = 10_000;

/**
 * Starts the threads that classify and builds the server around them. It takes requests once `listen` is called;
 * `close` ends the threads too.
 *
 * @param settings As read by `readSettings`.
 * @throws {ModelFormatError} The model is none of this package.
 * @throws {FileError} The model file cannot be read, or the folder of the page holds none.
 */
export async function createServer(settings: ServerSettings): Promise<FastifyInstance> {
  const site = findSite(settings.site);
  const server = createFastify(settings);
  const pool = await startClassifierPool({
    ...settings,
    onFault: (err) =>
      server.log.error({ err }, "a classifier thread could not be replaced, and is tried again"),
  });
  const lifecycle = createLifecycle();
  const context: ServerContext = { settings, pool, lifecycle, metrics: createMetrics(pool, lifecycle) };
  server.decorate("context", context).decorate("hasSite", site !== null);
  server.server.maxConnections = settings.maxConnections;
  server.addHook("onClose", () => pool.close());
  server.setErrorHandler(sendError);
  refuseUnknownRequests(server);
  observeRequests(server, context.metrics);
  await protectServer(server, settings);
  await registerApiDocument(server, settings);
  registerHealthRoutes(server, context);
  await server.register(apiRoutes(context));
  if (site) await registerSite(server, site);
  else registerMissingSite(server);
  return server;
}

/** What the limit of requests holds for. */
function apiRoutes(context: ServerContext): FastifyPluginAsync {
  return async (scope) => {
    await limitRate(scope, context.settings);
    // A browser's WebSocket sends no headers, so this route looks for the token itself.
    if (context.settings.maxLiveSessions > 0) await registerLiveRoute(scope, context);
    await scope.register(guardedRoutes(context));
  };
}

function guardedRoutes(context: ServerContext): FastifyPluginAsync {
  return async (scope) => {
    requireToken(scope, context.settings);
    registerModelRoute(scope, context);
    registerMetricsRoute(scope, context);
    await scope.register(recordingRoutes(context));
  };
}

function recordingRoutes(context: ServerContext): FastifyPluginAsync {
  return async (scope) => {
    await prepareRecordingScope(scope, context);
    registerClassifyRoute(scope, context);
    registerTranscribeRoute(scope, context);
    registerHuggingFaceRoute(scope, context);
    registerOpenAiRoute(scope, context);
  };
}

function createFastify(settings: ServerSettings): FastifyInstance {
  const { trustProxy } = settings;
  return fastify({
    logger: { level: settings.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: settings.uploadTimeoutMs,
    http: {
      // Node swaps the two limits where that of the headers is the longer one: 60 s, if it is not said.
      headersTimeout: Math.min(MAX_HEADERS_MS, settings.uploadTimeoutMs),
      connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, settings.uploadTimeoutMs),
    },
    forceCloseConnections: "idle",
    return503OnClosing: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    clientErrorHandler: answerBrokenRequest,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
  });
}
