// An HTTP request for an archive: limits on the time without a byte, errors told apart by whether they may pass.

import { CorpusError, SpokenDigitsError } from "../errors.ts";

/** How far a download is. */
export type DownloadProgress = {
  /** Bytes that are there: those of this attempt and, where a download is taken up again, those from before. */
  receivedBytes: number;
  /** How many there will be, where the server says so. */
  totalBytes?: number;
};

/** A download failure that may pass: it is worth another attempt. Code `corpus-download`. */
export class TransientDownloadError extends CorpusError {
  /** @param message What came instead of the bytes expected. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("corpus-download", message, options);
  }
}

/** Settings of {@link requestArchive}. */
export type RequestArchiveOptions = {
  /** Sent besides the usual ones. */
  headers?: Record<string, string>;
  /** Statuses below 200 or above 299 that `use` gets to see. Default: none. */
  acceptStatus?: number;
  /** Longest time without a byte, in milliseconds. */
  idleTimeoutMs: number;
  /** Ends the request; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Sends a request and hands over the response, redirects followed.
 *
 * @param url An http or https address.
 * @param options See {@link RequestArchiveOptions}.
 * @param use Takes the response in; it calls `onChunk` for each piece of the body, which starts the time limit anew.
 * @returns What `use` returns.
 * @throws {TransientDownloadError} No connection, a cut or silent one, or a status 408, 429 or 5xx.
 * @throws {CorpusError} `corpus-download`: another status, or as `use` says.
 */
export async function requestArchive<T>(
  url: string,
  options: RequestArchiveOptions,
  use: (response: Response, onChunk: () => void) => Promise<T>,
): Promise<T> {
  const { headers, acceptStatus, idleTimeoutMs, signal } = options;
  const idle = createIdleTimer(idleTimeoutMs);
  try {
    const response = await fetch(url, {
      // Without it a server may compress the archive once more, and its length would be that of something else.
      headers: { "accept-encoding": "identity", ...headers },
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    });
    if (response.status !== acceptStatus) checkStatus(response);
    return await use(response, idle.restart);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof SpokenDigitsError) throw cause;
    throw new TransientDownloadError(describeNetworkError(cause), { cause });
  } finally {
    idle.stop();
  }
}

/**
 * Checks that a file begins as gzip does: a log-in page or an error page often comes with status 200.
 *
 * @param head Its first bytes; fewer than two pass.
 * @param response Where they come from.
 * @throws {CorpusError} `corpus-download`: it is something else; the message says what.
 */
export function checkGzip(head: Uint8Array, response: Response): void {
  if (head.length < 2 || (head[0] === 0x1f && head[1] === 0x8b)) return;
  const type = response.headers.get("content-type") ?? "no content type";
  const start = JSON.stringify(Buffer.from(head.subarray(0, 40)).toString("latin1"));
  throw new CorpusError("corpus-download", `expected a gzip archive, got ${type} starting with ${start}`);
}

function createIdleTimer(idleTimeoutMs: number) {
  const controller = new AbortController();
  const giveUp = () =>
    controller.abort(new TransientDownloadError(`no bytes came for ${idleTimeoutMs / 1000} s`));
  let timer = setTimeout(giveUp, idleTimeoutMs);
  const stop = () => clearTimeout(timer);
  const restart = () => {
    stop();
    timer = setTimeout(giveUp, idleTimeoutMs);
  };
  return { signal: controller.signal, restart, stop };
}

function checkStatus({ ok, status, statusText }: Response): void {
  if (ok) return;
  const message = `expected an archive, got HTTP status ${status} ${statusText}`.trimEnd();
  if (status >= 500 || status === 408 || status === 429) throw new TransientDownloadError(message);
  throw new CorpusError("corpus-download", message);
}

function describeNetworkError(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
