// The HTTP server under the framework: which connections come in, and how long they may take.

import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError, ServiceError } from "../errors.ts";
import { TurnQueue } from "../workers/pool-queue.ts";
import { answerBrokenRequest, answerConnect } from "./broken-request.ts";
import type { Connection, ConnectionTable } from "./connection-table.ts";
import type { DropReport } from "./drops.ts";
import { HEALTH_PATHS } from "./health-routes.ts";
import type { ServerSettings } from "./settings.ts";

/** How often connections are looked at for requests that take too long to arrive, in ms. */
const CONNECTION_CHECK_MS = 1000;

/** Time for a request's headers alone at most, in ms. */
const MAX_HEADERS_MS = 10_000;

/** Bytes of a request's headers at most. */
const MAX_HEADER_BYTES = 16_384;

/** Time in which the next request of a connection has to come, in ms: longer than proxies keep connections for. */
const KEEP_ALIVE_MS = 72_000;

/** Time that a client of a connection to be closed gets to send the rest of its request, in ms. */
const LINGER_MS = 1000;

/** Connections whose first request is read before anything else has its turn. */
const STARTS_AT_ONCE = 8;

/** Requests that one connection may have under way at once. */
const MAX_PIPELINED = 16;

/**
 * Makes a server whose connections go through the table.
 *
 * @param settings The limits of time.
 * @param handler Gets the requests.
 * @param connections Lets connections in.
 */
export function createHttpServer(
  settings: ServerSettings,
  handler: RequestListener,
  connections: ConnectionTable,
): Server {
  const { uploadTimeoutMs } = settings;
  const server = createServer(
    {
      requestTimeout: uploadTimeoutMs,
      // Node swaps the two limits where that of the headers is the longer one: 60 s, if it is not said.
      headersTimeout: Math.min(MAX_HEADERS_MS, uploadTimeoutMs),
      connectionsCheckingInterval: Math.min(CONNECTION_CHECK_MS, uploadTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Ours answers in the form of all errors.
      requireHostHeader: false,
    },
    (request, response) => {
      const connection = connections.get(request.socket);
      // All that has come at once is parsed, whatever becomes of the connection.
      if (connection?.excess) return;
      if (connection) {
        connections.begin(connection, request);
        response.once("close", () => connections.end(connection, request));
        if (connection.requests.size > MAX_PIPELINED) connection.excess = request;
      }
      handler(request, response);
    },
  );
  // Expectations are for the server to meet or not: this one answers as without.
  server.on("checkExpectation", handler);
  server.on("clientError", answerBrokenRequest);
  server.on("connect", (_request, socket) => answerConnect(socket));
  const accept = server.listeners("connection") as ((socket: Socket) => void)[];
  const start = createStarter((socket) => {
    for (const listener of accept) listener.call(server, socket);
  });
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const connection = connections.admit(socket);
    if (connection) start(connection);
  });
  return server;
}

/** Begins to read connections in turns of their addresses, a few at a time: hundreds at once keep nobody else waiting. */
function createStarter(read: (socket: Socket) => void): (connection: Connection) => void {
  const waiting = new TurnQueue<{ line: string; socket: Socket }>();
  const startSome = () => {
    for (let i = 0; i < STARTS_AT_ONCE; i++) {
      const next = waiting.shift();
      if (next && !next.socket.destroyed) read(next.socket);
    }
    if (waiting.size > 0) setImmediate(startSome);
  };
  return ({ socket, address }) => {
    if (waiting.size === 0) setImmediate(startSome);
    waiting.push({ line: waiting.lineFor(address ?? ""), socket });
  };
}

/**
 * Refuses what comes over connections beyond the limits, and more requests at once than one connection may have.
 *
 * @param server Is changed.
 * @param connections Those of the server.
 * @param drop Told of what is refused.
 */
export function guardConnections(
  server: FastifyInstance,
  connections: ConnectionTable,
  drop: DropReport,
): void {
  server.addHook("onRequest", (request, reply, done) => {
    const connection = connections.get(request.raw.socket);
    if (!connection) return done();
    const refusal = refusalOf(connection, request, drop);
    if (connection.isExtra || refusal) reply.raw.shouldKeepAlive = false;
    // Whoever is told so at once comes again at once, with as many.
    if (refusal && connection.excess) setTimeout(() => done(refusal), LINGER_MS);
    else if (refusal) afterBody(request.raw, () => done(refusal));
    else done();
  });
  // Once it has asked for a WebSocket, nobody reads on a connection that got another answer, and no time of Node.js ends it.
  server.addHook("onResponse", ({ raw }, _reply, done) => {
    const { upgrade, socket } = raw as IncomingMessage & { upgrade?: boolean };
    if (upgrade && connections.get(socket)?.isWebSocket === false) socket.end();
    done();
  });
}

/** Closing a connection on bytes that nobody has read would take the answer along. */
function afterBody(request: IncomingMessage, done: () => void): void {
  const settle = () => {
    clearTimeout(timer);
    request.off("end", settle).off("close", settle);
    done();
  };
  const timer = setTimeout(settle, LINGER_MS);
  request.once("end", settle).once("close", settle).resume();
}

function refusalOf(
  connection: Connection,
  request: FastifyRequest,
  drop: DropReport,
): ServiceError | undefined {
  const { isExtra, excess } = connection;
  if (isExtra && !HEALTH_PATHS.includes(request.routeOptions.url ?? "")) {
    return new ServiceError(
      "service-busy",
      "the server has all the connections it can hold (--max-connections)",
    );
  }
  if (excess !== request.raw) return undefined;
  drop("pipelining");
  return new ServiceError("service-busy", `more than ${MAX_PIPELINED} requests at once on one connection`);
}

/**
 * Refuses bodies whose end a proxy in front may see elsewhere, and so the next request: the parser refuses lengths that
 * contradict each other, but lets through transfer codings besides `chunked`, which nobody here undoes, and
 * any in HTTP/1.0, which knows none.
 *
 * @param server Is changed.
 */
export function guardFraming(server: FastifyInstance): void {
  server.addHook("onRequest", ({ raw }, reply, done) => {
    if (isClear(raw)) return done();
    reply.raw.shouldKeepAlive = false;
    done(
      new RequestError(
        "request-malformed",
        "the request has a Transfer-Encoding other than chunked of HTTP/1.1",
      ),
    );
  });
}

function isClear({ headers, httpVersion }: IncomingMessage): boolean {
  const coding = headers["transfer-encoding"];
  return coding === undefined || (coding.toLowerCase() === "chunked" && httpVersion === "1.1");
}
