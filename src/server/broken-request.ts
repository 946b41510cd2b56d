import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { ERROR_CODES, RequestError } from "../errors.ts";
import { errorBody } from "./error-reply.ts";
import { SECURITY_HEADERS } from "./page-policy.ts";

/**
 * Answers what is no request at all, or one that does not come to its end in time, and closes the connection.
 *
 * @param error What the HTTP parser says.
 * @param socket The connection.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node keeps here the answer that it is sending: nothing can be put into the middle of it.
  const { _httpMessage: response } = socket as Duplex & { _httpMessage?: ServerResponse };
  if (error.code === "ECONNRESET" || !socket.writable || response?.headersSent) socket.destroy();
  else sendAndClose(socket, errorOf(error));
}

/** Answers `CONNECT`: this is no proxy. @param socket The connection. */
export function answerConnect(socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  sendAndClose(socket, new RequestError("request-malformed", "this server is no proxy"));
}

/**
 * Answers a request for a WebSocket that is none.
 *
 * @param options.message What the WebSocket server says.
 * @param socket The connection.
 */
export function answerBrokenUpgrade({ message }: Error, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  sendAndClose(socket, new RequestError("request-malformed", `no WebSocket: ${message}`));
}

function sendAndClose(socket: Duplex, error: RequestError): void {
  const { httpStatus } = ERROR_CODES[error.code];
  const body = JSON.stringify(errorBody(error));
  const headers = {
    ...SECURITY_HEADERS,
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
