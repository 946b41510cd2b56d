// A server made ready to listen: what holds for all requests, then one file for each group of routes.

import fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { RequestError } from "../errors.ts";
import type { ProcessEndedError } from "../workers/process-ended.ts";
import { registerApiDocument } from "./api-document.ts";
import { guardHost, guardOrigin } from "./browser-misuse.ts";
import { startClassifierPool } from "./classifier-pool.ts";
import { registerClassifyRoute } from "./classify-route.ts";
import { ConnectionTable, createProxyCheck } from "./connection-table.ts";
import { createDropReport, type DropReport, watchHoldings } from "./drops.ts";
import { sendError } from "./error-reply.ts";
import { type HealthListener, startHealthListener } from "./health-listener.ts";
import { registerHealthRoutes } from "./health-routes.ts";
import { createHttpServer, guardConnections, guardFraming } from "./http-server.ts";
import { registerHuggingFaceRoute } from "./hugging-face-route.ts";
import { createLifecycle } from "./lifecycle.ts";
import { registerLiveRoute } from "./live-route.ts";
import { createMetrics, observeRequests, registerMetricsRoute } from "./metrics.ts";
import { registerModelRoute } from "./model-route.ts";
import { registerOpenAiRoute } from "./openai-route.ts";
import { SECURITY_HEADERS } from "./page-policy.ts";
import { limitRate, protectServer, requireToken } from "./protect.ts";
import { prepareRecordingScope } from "./recording-scope.ts";
import type { ServerContext } from "./server-context.ts";
import type { ServerSettings } from "./settings.ts";
import { findSite, registerMissingSite, registerSite } from "./site-route.ts";
import { registerTranscribeRoute } from "./transcribe-route.ts";
import { UploadRoom } from "./upload-room.ts";

declare module "fastify" {
  interface FastifyInstance {
    /** What the routes were given. */
    context: ServerContext;
    /** Whether there is a page at `/`. */
    hasSite: boolean;
    /** Port of the listener for health alone, null where there is none. */
    healthPort: number | null;
  }
}

/**
 * Starts the processes that classify and builds the server around them. It takes requests once `listen` is called;
 * `close` ends the processes too.
 *
 * @param settings As read by `readSettings`.
 * @throws {ModelFormatError} The model is none of this package.
 * @throws {FileError} The model file cannot be read, or the folder of the page holds none.
 */
export async function createServer(settings: ServerSettings): Promise<FastifyInstance> {
  const site = findSite(settings.site);
  const health = await startHealth(settings);
  const { server, context } = await prepareServer(settings).catch(async (error: unknown) => {
    await health?.close();
    throw error;
  });
  const { lifecycle, connections, uploads, pool } = context;
  server.decorate("context", context).decorate("hasSite", site !== null);
  server.decorate("healthPort", health?.port ?? null);
  server.addHook("onListen", async () => health?.follow(() => readinessOf(context)));
  lifecycle.stopping.addEventListener("abort", () => health?.follow(() => "stopping"));
  server.addHook("onClose", async () => {
    connections.close();
    uploads.close();
    await health?.close();
  });
  server.addHook("onClose", () => pool.close());
  await guardRequests(server, context);
  await registerApiDocument(server, settings);
  registerHealthRoutes(server, context);
  await server.register(apiRoutes(context));
  if (site) await registerSite(server, site);
  else registerMissingSite(server);
  return server;
}

/** The server without hooks and routes, the processes that classify, and what routes are given. */
async function prepareServer(settings: ServerSettings) {
  // What is told of drops and of processes goes into the metrics, which are made last.
  const drop: DropReport = (reason) => report(reason);
  const isProxy = createProxyCheck(settings.trustProxy);
  const connections = new ConnectionTable({ ...settings, isProxy, drop });
  const uploads = new UploadRoom({ ...settings, drop });
  const server = createFastify(settings, connections);
  const pool = await startClassifierPool({
    ...settings,
    onEnded: (end) => onWorkerEnded(end),
    onFault: (err) => server.log.error({ err }, "a worker process could not be replaced, and is tried again"),
  });
  const lifecycle = createLifecycle();
  const metrics = createMetrics(pool, lifecycle);
  const onWorkerEnded = ({ reason, message }: ProcessEndedError) => {
    metrics.countEndedWorker(reason);
    const level = reason === "asked" ? "info" : "warn";
    server.log[level]({ reason, detail: message }, "a worker process has ended, and is replaced");
  };
  const report = createDropReport(metrics.registry, server.log);
  watchHoldings(metrics.registry, { connections, uploads });
  const parts = { pool, lifecycle, metrics, onWorkerEnded, connections, uploads, drop };
  return { server, context: { settings, ...parts } };
}

/** What holds for every request, whatever its route. */
async function guardRequests(server: FastifyInstance, context: ServerContext): Promise<void> {
  const { settings, metrics, connections, drop } = context;
  server.setErrorHandler(sendError);
  refuseUnknownRequests(server);
  // Where no route wants a body, none is held.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
  observeRequests(server, metrics);
  await protectServer(server, settings);
  guardConnections(server, connections, drop);
  guardFraming(server);
  guardHost(server, settings, drop);
  guardOrigin(server, settings.corsOrigins, drop);
}

async function startHealth({ host, healthPort }: ServerSettings): Promise<HealthListener | undefined> {
  if (healthPort === undefined) return undefined;
  return startHealthListener({ host, port: healthPort });
}

function readinessOf({ lifecycle, pool }: ServerContext): "ready" | "stopping" | "noWorker" {
  if (lifecycle.stopping.aborted) return "stopping";
  return pool.workers === 0 ? "noWorker" : "ready";
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
    prepareRecordingScope(scope, context);
    registerClassifyRoute(scope, context);
    registerTranscribeRoute(scope, context);
    registerHuggingFaceRoute(scope, context);
    registerOpenAiRoute(scope, context);
  };
}

function createFastify(settings: ServerSettings, connections: ConnectionTable): FastifyInstance {
  const { trustProxy } = settings;
  return fastify({
    logger: { level: settings.logLevel, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: (handler) => createHttpServer(settings, handler, connections),
    bodyLimit: settings.maxBodyBytes,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    // What the router cannot read, such as `/%ff`, passes none of the hooks that set headers.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS);
      sendError(error, request, reply);
    },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true } },
  });
}

const METHODS = ["GET", "HEAD", "POST"] as const;

/**
 * Answers requests for which there is no route: where the address takes other methods, it says which.
 *
 * @param server Is changed; its routes may come later.
 */
function refuseUnknownRequests(server: FastifyInstance): void {
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
