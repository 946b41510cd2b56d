// `WS /api/live`: audio in as it is spoken, digits out as they are heard.

import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";
import { createTokenCheck } from "./bearer-token.ts";
import { MAX_LIVE_MESSAGE_BYTES } from "./live-session.ts";
import { createLiveSessions } from "./live-sessions.ts";
import type { ServerContext } from "./server-context.ts";

const SOCKET_OPTIONS = {
  // A message over the limit gets a typed answer; of one far over it, not even the rest is read.
  maxPayload: 2 * MAX_LIVE_MESSAGE_BYTES,
  perMessageDeflate: false,
  /** Time in which a client has to answer that the session is closed, in ms; then its connection is cut. */
  closeTimeout: 5000,
};

/**
 * Adds the route.
 *
 * @param server Is changed.
 * @param context What every route is given.
 */
export async function registerLiveRoute(server: FastifyInstance, context: ServerContext): Promise<void> {
  const { settings, lifecycle } = context;
  const sessions = createLiveSessions(context);
  const checkAccess = createAccessCheck(settings.token);
  await server.register(websocket, {
    options: SOCKET_OPTIONS,
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, "live session: broken connection");
      socket.close();
    },
    preClose: async () => {
      // Whoever stopped the server before has waited, too.
      if (!lifecycle.stopping.aborted) {
        lifecycle.stop();
        await lifecycle.idle(settings.stopTimeoutMs);
      }
      for (const socket of server.websocketServer.clients) socket.terminate();
      await sessions.close();
    },
  });
  server.route({
    method: "GET",
    url: "/api/live",
    schema: { hide: true },
    handler() {
      throw new RequestError("request-malformed", "live: this address takes WebSockets alone");
    },
    wsHandler(socket, request) {
      sessions.open({
        socket,
        log: request.log,
        admit: ({ token }) => checkAccess(request, token),
        refusal: foreignPage(request, settings.corsOrigins),
      });
    },
  });
}

/** A browser's WebSocket can send no header of its own, so the first message may hold the token. */
function createAccessCheck(expected: string) {
  const checkToken = createTokenCheck(expected);
  return ({ headers }: FastifyRequest, token: string | undefined): void => {
    checkToken({ headers: token === undefined ? headers : { authorization: `Bearer ${token}` } });
  };
}

/** Browsers let any page open a WebSocket to any server; it is for the server to look where the page is from. */
function foreignPage(
  { headers: { origin }, host }: FastifyRequest,
  allowed: readonly string[],
): RequestError | undefined {
  if (origin === undefined || allowed.includes("*") || allowed.includes(origin)) return undefined;
  if (URL.canParse(origin) && new URL(origin).host === host) return undefined;
  return new RequestError(
    "request-unauthorised",
    `live: pages of ${origin} may not use this server (--cors-origins)`,
  );
}
