// One attempt at fetching a file over HTTP into memory, with a limit on its size and on the time between two chunks.

import { CorpusError } from "../errors.ts";
import {
  checkGzip,
  type DownloadProgress,
  type RequestArchiveOptions,
  requestArchive,
  TransientDownloadError,
} from "./archive-request.ts";

/** Settings of {@link fetchArchive}. */
export type FetchArchiveOptions = Pick<RequestArchiveOptions, "idleTimeoutMs" | "signal"> & {
  /** Largest size accepted, in bytes. */
  maxBytes: number;
  /** Called for each chunk that arrives. */
  onProgress?: (progress: DownloadProgress) => void;
};

/**
 * Fetches a gzip file.
 *
 * @param url An http or https address; redirects are followed.
 * @returns Its bytes; the first two are those of gzip.
 * @throws {TransientDownloadError} No connection, a cut or silent one, or a status 408, 429 or 5xx.
 * @throws {CorpusError} `corpus-download`: another status, something else than gzip, or more than `maxBytes`.
 */
export async function fetchArchive(url: string, options: FetchArchiveOptions): Promise<Uint8Array> {
  return requestArchive(url, options, (response, onChunk) => collectBody(response, { ...options, onChunk }));
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
    if (receivedBytes < 2) checkGzip(Buffer.concat([...chunks, chunk]), response);
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
