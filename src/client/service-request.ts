import pRetry from "p-retry";
import { ServiceError, SpokenDigitsError } from "../errors.ts";
import { errorOfAnswer, isErrorAnswer } from "./answer-errors.ts";

/** How a service is reached. */
export type ServiceAccess = {
  /** Address of the service, with a slash at its end. */
  baseUrl: string;
  /** Sent with every request. Default: none. */
  token?: string;
  /** How often a request is sent again at most. */
  retries: number;
  /** Wait before the first further attempt, in ms; it doubles each time. */
  retryDelayMs: number;
  /** Longest wait that a service may ask for, in ms; where it asks for more, its answer is final. */
  maxRetryDelayMs: number;
  /** Sends a request. */
  fetch: typeof fetch;
};

/** What is sent. */
export type ServiceRequest = {
  /** Below the address of the service, without a slash at its beginning. */
  path: string;
  /** Must be readable more than once. */
  body: Blob | FormData;
  signal?: AbortSignal;
};

/** Statuses with which a service says that it will take the same request later. */
const BUSY_STATUSES = [429, 503];

/**
 * Sends a request and waits for its answer. Answers with status 503 or 429 are asked for again: after the time that the
 * header `Retry-After` names, and then a time that doubles with each attempt, multiplied at random by 1 to 2.
 *
 * @param access See {@link ServiceAccess}.
 * @param request See {@link ServiceRequest}.
 * @returns The JSON of a successful answer.
 * @throws {SpokenDigitsError} What the service said went wrong, in the class of its code.
 * @throws {ServiceError} `service-unreachable`: no answer came, or none of such a service.
 * @throws The signal's reason.
 */
export async function requestJson(access: ServiceAccess, request: ServiceRequest): Promise<unknown> {
  const { retries, retryDelayMs, maxRetryDelayMs } = access;
  const { signal } = request;
  try {
    return await pRetry(() => attempt(access, request), {
      retries,
      minTimeout: retryDelayMs,
      maxTimeout: maxRetryDelayMs,
      randomize: true,
      signal,
      shouldRetry: ({ error }) => error instanceof BusyAnswer && error.retryAfterMs <= maxRetryDelayMs,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!(error instanceof BusyAnswer) || retriesLeft === 0 || error.retryAfterMs === 0) return;
        if (error.retryAfterMs <= maxRetryDelayMs) await delay(error.retryAfterMs, signal);
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof BusyAnswer ? error.answer : error;
  }
}

/**
 * The error of a service that could not be reached.
 *
 * @param where The address.
 * @param reason What came instead of an answer.
 * @param cause The error underneath. Default: none.
 */
export function unreachable(where: string, reason: string, cause?: unknown): ServiceError {
  return new ServiceError("service-unreachable", `client: ${where}: ${reason}`, { cause });
}

/** A refusal that will pass. It never leaves this file. */
class BusyAnswer extends Error {
  readonly answer: SpokenDigitsError;
  readonly retryAfterMs: number;

  constructor(answer: SpokenDigitsError, retryAfterMs: number) {
    super(answer.message);
    this.answer = answer;
    this.retryAfterMs = retryAfterMs;
  }
}

async function attempt(access: ServiceAccess, { path, body, signal }: ServiceRequest): Promise<unknown> {
  const url = `${access.baseUrl}${path}`;
  const headers = access.token ? { authorization: `Bearer ${access.token}` } : undefined;
  // As a method of `access`, the browser's own `fetch` would refuse to be called.
  const { fetch } = access;
  try {
    const response = await fetch(url, { method: "POST", body, headers, signal });
    const text = await response.text();
    if (response.ok) return readJson(text, response);
    throw refusal(text, response);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof BusyAnswer || error instanceof SpokenDigitsError) throw error;
    throw unreachable(url, describe(error), error);
  }
}

/** What is thrown for an answer that is no success. */
function refusal(text: string, response: Response): Error {
  const value = parse(text);
  const error = isErrorAnswer(value) ? errorOfAnswer(value) : foreignAnswer(response);
  return BUSY_STATUSES.includes(response.status) ? new BusyAnswer(error, retryAfterMs(response)) : error;
}

function readJson(text: string, response: Response): unknown {
  const value = parse(text);
  if (value === undefined) throw foreignAnswer(response);
  return value;
}

/** JSON.parse, with undefined for what is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function foreignAnswer({ url, status, headers }: Response): ServiceError {
  const type = headers.get("content-type") ?? "no content type";
  return unreachable(url, `expected the JSON of a service, got status ${status} with ${type}`);
}

/** RFC 9110, section 10.2.3: seconds or a date; 0 where it is neither. */
function retryAfterMs({ headers }: Response): number {
  const text = headers.get("retry-after") ?? "";
  const ms = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return ms > 0 ? ms : 0;
}

function describe(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : String(message);
}

/** Waits. @throws The signal's reason. */
function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
