// One attempt at fetching a file over HTTP into memory, with a limit on its size and on the time between two chunks.

import { CorpusError } from "../errors.ts";

/** How far a download is. */
export type DownloadProgress = {
  /** Bytes that have arrived in this attempt. */
  receivedBytes: number;
  /** How many there will be, where the server says so. */
  totalBytes?: number;
};

/** Settings of {@link fetchArchive}. */
export type FetchArchiveOptions = {
  /** Largest size accepted, in bytes. */
  maxBytes: number;
  /** Longest time without a byte, in milliseconds. */
  idleTimeoutMs: number;
  /** Called for each chunk that arrives. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Ends the download; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** A download failure that may pass: it is worth another attempt. Code `corpus-download`. */
export class TransientDownloadError extends CorpusError {
  /** @param message What came instead of the bytes expected. */
  constructor(message: string, options?: { cause?: unknown }) {
    super("corpus-download", message, options);
  }
}

/**
 * Fetches a gzip file.
 *
 * @param url An http or https address; redirects are followed.
 * @returns Its bytes; the first two are those of gzip.
 * @throws {TransientDownloadError} No connection, a cut or silent one, or a status 408, 429 or 5xx.
 * @throws {CorpusError} `corpus-download`: another status, something else than gzip, or more than `maxBytes`.
 */
export async function fetchArchive(url: string, options: FetchArchiveOptions): Promise<Uint8Array> {
  const { idleTimeoutMs, signal } = options;
  const idle = createIdleTimer(idleTimeoutMs);
  try {
    const response = await fetch(url, {
      // Without it a server may compress the archive once more, and its length would be that of something else.
      headers: { "accept-encoding": "identity" },
      signal: signal ? AbortSignal.any([signal, idle.signal]) : idle.signal,
    });
    checkStatus(response);
    return await collectBody(response, { ...options, onChunk: idle.restart });
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CorpusError) throw cause;
    throw new TransientDownloadError(describeNetworkError(cause), { cause });
  } finally {
    idle.stop();
  }
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

async function collectBody(
  response: Response,
  options: FetchArchiveOptions & { onChunk: () => void },
): Promise<Uint8Array> {
  const { maxBytes, onProgress, onChunk } = options;
  const totalBytes = Number(response.headers.get("content-length")) || undefined;
  const chunks: Uint8Array[] = [];
  let receivedBytes = 0;
  for await (const chunk of response.body ?? []) {
    onChunk();
    if (receivedBytes < 2) checkMagic(Buffer.concat([...chunks, chunk]), response);
    chunks.push(chunk);
    receivedBytes += chunk.length;
    if (receivedBytes > maxBytes) {
      throw new CorpusError("corpus-download", `expected at most ${maxBytes} bytes, got more`);
    }
    onProgress?.({ receivedBytes, totalBytes });
  }
  if (receivedBytes < 2) throw new TransientDownloadError(`expected an archive, got ${receivedBytes} bytes`);
  return Buffer.concat(chunks);
}

/** A log-in page or an error page often comes with status 200. */
function checkMagic(head: Uint8Array, response: Response): void {
  if (head.length < 2 || (head[0] === 0x1f && head[1] === 0x8b)) return;
  const type = response.headers.get("content-type") ?? "no content type";
  const start = JSON.stringify(Buffer.from(head.subarray(0, 40)).toString("latin1"));
  throw new CorpusError("corpus-download", `expected a gzip archive, got ${type} starting with ${start}`);
}

function describeNetworkError(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
