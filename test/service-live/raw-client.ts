// A WebSocket client that does as it is told, right or wrong: what other people's programs send.

import { once } from "node:events";
import { WebSocket } from "ws";

/** A connection and all that came over it. */
export type RawClient = {
  socket: WebSocket;
  /** Parsed, in order. */
  messages: Record<string, unknown>[];
  /** Sends a message: objects as JSON, the rest as it is. */
  send(message: object | string | Buffer): void;
  /** Waits until a message has a key. */
  received(key: string): Promise<Record<string, unknown>>;
  /** Settles with the close code. */
  closed: Promise<number>;
};

/** Connects. @param url Of the server, http. @param headers Of the request. */
export async function connect(url: string, headers: Record<string, string> = {}): Promise<RawClient> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/live`, { headers });
  const messages: Record<string, unknown>[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await once(socket, "open");
  return {
    socket,
    messages,
    send: (message) =>
      socket.send(
        typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message),
      ),
    async received(key) {
      for (;;) {
        const found = messages.find((message) => key in message);
        if (found) return found;
        await Promise.race([
          once(socket, "message"),
          closed.then((code) => Promise.reject(new Error(`closed with ${code} before ${key}`))),
        ]);
      }
    },
    closed,
  };
}
