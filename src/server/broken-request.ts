import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionError } from "fastify";
import { ERROR_CODES, RequestError } from "../errors.ts";
import { errorBody } from "./error-reply.ts";

/**
 * Answers what is no request at all, or one that does not come to its end in time, and closes the connection.
 *
 * @param error What the HTTP parser says.
 * @param socket The connection.
 */
export function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const known = errorOf(error);
  const { httpStatus } = ERROR_CODES[known.code];
  const body = JSON.stringify(errorBody(known));
  socket.end(
    [
      `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}`,
      "Connection: close",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
    () => socket.destroy(),
  );
}

function errorOf({ code }: ConnectionError): RequestError {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestError("request-too-slow", "the request did not arrive in time (--upload-timeout-ms)");
    case "HPE_HEADER_OVERFLOW":
      return new RequestError("request-too-large", "the request's headers are too long");
    default:
      return new RequestError("request-malformed", "this is no HTTP request that can be understood");
  }
}
