// Whatever goes wrong with a request leaves as `{ code, message }` with a status from the one table of errors.

import type { FastifyReply, FastifyRequest } from "fastify";
import {
  ERROR_CODES,
  type ErrorCode,
  InvalidArgumentError,
  plainMessage,
  RequestError,
  type RequestErrorCode,
  ServiceError,
  SpokenDigitsError,
} from "../errors.ts";

/** Seconds after which a client may try again, where a refusal will pass. */
const RETRY_AFTER_SECONDS = 1;

/** Routes of OpenAI's protocol. */
const OPENAI_ROUTES = "/v1/";

/** Errors of the framework, by code or name, whose own words a client would not understand. */
const PLAIN_WORDS: Readonly<Record<string, [RequestErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["request-malformed", "the header Content-Type cannot be read"],
  FST_ERR_CTP_BODY_TOO_LARGE: ["request-too-large", "the request's body is too long"],
  PreconditionFailedError: ["request-precondition", "the file is not the one that the request asks for"],
  RangeNotSatisfiableError: ["request-range", "the file does not reach so far"],
};

/** The body of every answer that is no success. */
export type ErrorBody = { code: ErrorCode; message: string };

/**
 * Answers a request with what went wrong, and counts it.
 *
 * @param error Anything thrown.
 * @param request Gets a line in the log where the fault is the server's.
 * @param reply Is sent.
 */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = asKnownError(error);
  request.server.context.metrics.countRejection(known.code);
  if (ERROR_CODES[known.code].httpStatus === 500)
    request.log.error({ err: known.cause ?? known }, "request failed");
  // The framework closes the connection of a body that it has not read to its end, and a client that is still sending
  // sees that in place of the answer. Node reads past the rest, for as long as an upload may take.
  reply.removeHeader("connection");
  if (!reply.raw.shouldKeepAlive) reply.header("connection", "close");
  const body = request.url.startsWith(OPENAI_ROUTES) ? openAiErrorBody(known) : errorBody(known);
  return reply.code(ERROR_CODES[known.code].httpStatus).headers(headersOf(known)).send(body);
}

/** As {@link errorBody}, and once more where clients of OpenAI's API look for it. */
function openAiErrorBody(known: SpokenDigitsError) {
  const body = errorBody(known);
  return { ...body, error: { ...body, type: "invalid_request_error", param: null } };
}

/**
 * What the outside is told of an error, here and in forms and live sessions: clients call no function.
 *
 * @param error.code Of one of ours, or of what a worker process tells of it.
 * @param error.message Its message, as thrown.
 */
export function errorBody({ code, message }: ErrorBody): ErrorBody {
  return { code, message: plainMessage(message) };
}

/**
 * Finds the error of our table for anything thrown while a request is dealt with.
 *
 * @param error Ours; the framework's, which is the request's fault where its status is 4xx; or anything else, of which
 *   the outside learns nothing.
 */
export function asKnownError(error: unknown): SpokenDigitsError {
  if (error instanceof SpokenDigitsError) return error;
  const { code = "", name = "", statusCode = 500, message = "" } = (error ?? {}) as Fault;
  if (code === "FST_ERR_VALIDATION") return new InvalidArgumentError(message, { cause: error });
  if (code === "ECONNRESET")
    return new RequestError("request-malformed", "the request was cut off", { cause: error });
  const plain = PLAIN_WORDS[code] ?? PLAIN_WORDS[name];
  if (plain) return new RequestError(...plain, { cause: error });
  if (statusCode >= 400 && statusCode < 500) {
    return new RequestError("request-malformed", message, { cause: error });
  }
  return new ServiceError("service-fault", "something unforeseen went wrong in the server", { cause: error });
}

type Fault = { code?: string; name?: string; message?: string; statusCode?: number; headers?: Headers };

type Headers = Record<string, string>;

function headersOf({ code, cause }: SpokenDigitsError): Headers {
  switch (code) {
    case "service-busy":
    case "service-timeout":
      return { "retry-after": String(RETRY_AFTER_SECONDS) };
    case "service-stopping":
      return { "retry-after": String(RETRY_AFTER_SECONDS), connection: "close" };
    case "request-too-slow":
      return { connection: "close" };
    case "request-unauthorised":
      return { "www-authenticate": "Bearer" };
    case "request-range":
      return (cause as Fault | undefined)?.headers ?? {};
    default:
      return {};
  }
}
