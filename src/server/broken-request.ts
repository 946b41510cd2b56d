import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ERROR_CODES, RequestError } from "../errors.ts";
import { errorBody } from "./error-reply.ts";

/**
 * Makes the answer to what is no request at all, or one that does not come to its end in time; it closes the connection.
 *
 * @param securityHeaders Sent with it.
 * @returns Takes what the HTTP parser says, and the connection.
 */
export function createBrokenRequestAnswer(
  securityHeaders: Readonly<Record<string, string>>,
): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    // Node keeps here the answer that it is sending: nothing can be put into the middle of it.
    const { _httpMessage: response } = socket as Duplex & { _httpMessage?: ServerResponse };
    if (error.code === "ECONNRESET" || !socket.writable || response?.headersSent) socket.destroy();
    else sendAndClose(socket, errorOf(error), securityHeaders);
  };
}

/** Makes the answer to `CONNECT`: this is no proxy. @param securityHeaders Sent with it. */
export function answerBrokenConnect(
  securityHeaders: Readonly<Record<string, string>>,
): (request: IncomingMessage, socket: Duplex) => void {
  return (_request, socket) => {
    socket.on("error", () => socket.destroy());
    sendAndClose(socket, new RequestError("request-malformed", "this server is no proxy"), securityHeaders);
  };
}

/**
 * Makes the answer to a request for a WebSocket that is none.
 *
 * @param securityHeaders Sent with it.
 * @returns Takes what the WebSocket server says, and the connection.
 */
export function createBrokenUpgradeAnswer(
  securityHeaders: Readonly<Record<string, string>>,
): (error: Error, socket: Duplex) => void {
  return ({ message }, socket) => {
    socket.on("error", () => socket.destroy());
    sendAndClose(socket, new RequestError("request-malformed", `no WebSocket: ${message}`), securityHeaders);
  };
}

function sendAndClose(
  socket: Duplex,
  error: RequestError,
  securityHeaders: Readonly<Record<string, string>>,
): void {
  const { httpStatus } = ERROR_CODES[error.code];
  const body = JSON.stringify(errorBody(error));
  const headers = {
    ...securityHeaders,
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}`, ...lines].join("\r\n");
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

function errorOf({ code }: NodeJS.ErrnoException): RequestError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestError("request-too-slow", "the request did not arrive in time (--upload-timeout-ms)");
    case "HPE_HEADER_OVERFLOW":
      return new RequestError("request-too-large", "the request's headers are too long");
    default:
      return new RequestError("request-malformed", "this is no HTTP request that can be understood");
  }
}
