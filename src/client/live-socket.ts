// The part of a WebSocket that is used here, alike in browsers and in Node.js, which has one of its own from version 22.

import { WebSocket } from "isows";

/** What happens to a socket, as far as it is looked at. */
export type SocketEvent =
  | { type: "open" }
  | { type: "message"; data: unknown }
  /** Browsers do not say what went wrong; Node.js does. */
  | { type: "error"; message?: string }
  | { type: "close"; code: number; reason: string };

/** A socket that is open or about to be. */
export type LiveSocket = {
  /** Bytes sent and not yet on their way. */
  readonly bufferedAmount: number;
  send(data: string | Float32Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: string, listener: (event: SocketEvent) => void): void;
  removeEventListener(type: string, listener: (event: SocketEvent) => void): void;
};

/**
 * Opens a socket.
 *
 * @param url http or https, as for requests.
 */
export function openSocket(url: string): LiveSocket {
  const socket: LiveSocket = new WebSocket(url.replace(/^http/, "ws"));
  // In Node.js an error that nobody listens to ends the process; closing a socket that is not open yet raises one.
  socket.addEventListener("error", () => undefined);
  return socket;
}
