// For tests: archives of a few small recordings, and a local HTTP server that hands them out well or badly.

import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { packTar, type TarHeader } from "modern-tar";

/** An entry of an archive: its name, its content and where needed more of its header. */
export type ArchiveEntry = { name: string; content?: string } & Partial<TarHeader>;

/** Three recordings laid out like the archive of the repository, with a README and a script beside them. */
export const SMALL_ARCHIVE: readonly ArchiveEntry[] = [
  { name: "free-spoken-digit-dataset-26eb9aa/", type: "directory" },
  { name: "free-spoken-digit-dataset-26eb9aa/README.md", content: "# Free Spoken Digit Dataset" },
  { name: "free-spoken-digit-dataset-26eb9aa/recordings/", type: "directory" },
  { name: "free-spoken-digit-dataset-26eb9aa/recordings/0_theo_0.wav", content: "zero" },
  { name: "free-spoken-digit-dataset-26eb9aa/recordings/1_theo_0.wav", content: "one" },
  { name: "free-spoken-digit-dataset-26eb9aa/recordings/2_jackson_11.wav", content: "two" },
  { name: "free-spoken-digit-dataset-26eb9aa/utils/trimmer.py", content: "import os" },
];

/** `recordingsDigest` of the three recordings of {@link SMALL_ARCHIVE}, by the shell line in its comment. */
export const SMALL_ARCHIVE_DIGEST = "fb4285b743ef8d29d7d5785bfe7b6c570e79a4153766858d1ab473413f953759";

const ESC10_FOLDERS = [
  "001 - Dog bark",
  "002 - Rain",
  "003 - Sea waves",
  "004 - Baby cry",
  "005 - Clock tick",
  "006 - Person sneeze",
  "007 - Helicopter",
  "008 - Chainsaw",
  "009 - Rooster",
  "010 - Fire crackling",
];

/** 400 short files laid out like the archive of ESC-10's repository, with a README beside them. */
export const ESC10_ARCHIVE: readonly ArchiveEntry[] = [
  { name: "ESC-10-master/README.md", content: "# ESC-10" },
  ...ESC10_FOLDERS.flatMap((folder) =>
    Array.from({ length: 40 }, (_, i) => ({
      name: `ESC-10-master/${folder}/${1 + (i % 5)}-${100 + i}-A.ogg`,
      content: `OggS ${folder} ${i}`,
    })),
  ),
];

/**
 * Packs a gzipped tar file.
 *
 * @param entries In their order in the archive; `size` is that of the content.
 */
export async function makeArchive(entries: readonly ArchiveEntry[] = SMALL_ARCHIVE): Promise<Uint8Array> {
  const tar = await packTar(
    entries.map(({ content = "", ...header }) => {
      const body = new TextEncoder().encode(content);
      return { header: { ...header, size: body.length }, body };
    }),
  );
  return gzipSync(tar);
}

/** A server on the loopback address and how to end it. */
export type ArchiveServer = { url: string; requestCount(): number; close(): Promise<void> };

/**
 * Starts an HTTP server on a free port of 127.0.0.1.
 *
 * @param listeners The first answers the first request and so on; the last answers all further ones too.
 */
export async function serveArchive(...listeners: RequestListener[]): Promise<ArchiveServer> {
  return serveArchiveAt(0, ...listeners);
}

/**
 * Starts an HTTP server as {@link serveArchive} does, on the port given.
 *
 * @param port 0 for any that is free.
 * @param listeners As for {@link serveArchive}.
 */
export async function serveArchiveAt(port: number, ...listeners: RequestListener[]): Promise<ArchiveServer> {
  let nRequests = 0;
  const server = createServer((request, response) => {
    listeners[Math.min(nRequests++, listeners.length - 1)]!(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/fsdd.tar.gz`,
    requestCount: () => nRequests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with the bytes and their length. */
export function answerWith(bytes: Uint8Array): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { "content-type": "application/x-gzip", "content-length": bytes.length });
    response.end(bytes);
  };
}

/** Answers with a status and a short text. */
export function answerStatus(status: number): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "text/plain" });
    response.end("no archive here");
  };
}

/**
 * Answers range requests as RFC 9110 says, and whole ones. The version is that of `etag`.
 *
 * @param bytes The file.
 * @param options.etag Default: `"1"`.
 * @param options.cutAfter Breaks the connection after so many bytes of the answer.
 */
export function answerRanges(
  bytes: Uint8Array,
  options: { etag?: string; cutAfter?: number } = {},
): RequestListener {
  const { etag = '"1"', cutAfter = Number.POSITIVE_INFINITY } = options;
  return ({ headers }, response) => {
    const asked = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
    const isCurrent = headers["if-range"] === undefined || headers["if-range"] === etag;
    const start = asked !== undefined && isCurrent ? Number(asked) : 0;
    if (start > 0 && start >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    const body = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      etag,
      "content-type": "application/x-gzip",
      "content-length": body.length,
      ...(start > 0 && { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    if (cutAfter >= body.length) response.end(body);
    else writeAndBreak(response, body.subarray(0, cutAfter));
  };
}

/** A moment later, as in the middle of a long download: `fetch` drops what it has not handed over when a connection breaks. */
function writeAndBreak(response: ServerResponse, bytes: Uint8Array): void {
  response.write(bytes, () => setTimeout(() => response.destroy(), 500));
}
