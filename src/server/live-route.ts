// `WS /api/live`: audio in as it is spoken, digits out as they are heard.

import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import { answerBrokenUpgrade } from "./broken-request.ts";
import { foreignPage } from "./browser-misuse.ts";
import { addressKey } from "./connection-table.ts";
import { MAX_LIVE_START_BYTES } from "./live-protocol.ts";
import { LiveSessions } from "./live-sessions.ts";
import { createTokenCheck } from "./protect.ts";
import type { ServerContext } from "./server-context.ts";

const SOCKET_OPTIONS = {
  // A message over the limit gets a typed answer; of one far over it, not even the rest is read.
  maxPayload: MAX_LIVE_START_BYTES + 65_536,
  perMessageDeflate: false,
  /** Pieces of one message, and reads of the socket that one piece may take: each costs far more memory than its bytes. */
  maxFragments: 256,
  maxBufferedChunks: 8192,
  // The session answers pings, if the client reads what it is sent.
  autoPong: false,
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
  const sessions = new LiveSessions(context);
  const checkToken = createTokenCheck(settings.token);
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
  server.websocketServer.on("wsClientError", answerBrokenUpgrade);
  server.route({
    method: "GET",
    url: "/api/live",
    schema: { hide: true },
    handler() {
      throw new RequestError("request-malformed", "live: this address takes WebSockets alone");
    },
    wsHandler(socket, request) {
      const connection = context.connections.get(request.raw.socket);
      if (connection) connection.isWebSocket = true;
      const { authorization } = request.headers;
      // A token in the header need not wait for the first message.
      const wrongHeader = authorization === undefined ? undefined : checkToken(authorization);
      sessions.open({
        socket,
        address: addressKey(request.ip),
        log: request.log,
        // A browser's WebSocket can send no header of its own, so the first message may hold the token.
        checkToken: (token) => checkToken(token === undefined ? authorization : `Bearer ${token}`),
        refusal: foreignPage(request, settings.corsOrigins) ?? wrongHeader,
      });
    },
  });
}
