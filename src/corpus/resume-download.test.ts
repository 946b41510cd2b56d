import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ArchiveServer,
  answerRanges,
  answerStatus,
  answerWith,
  serveArchive,
} from "../../test/support/corpus-archives.ts";
import { TransientDownloadError } from "./archive-request.ts";
import { discardPart, fileDigest, resumeDownload } from "./resume-download.ts";

// Random bytes do not compress: some 20 kB.
const BYTES = gzipSync(createHash("shake256", { outputLength: 20_000 }).update("seed").digest());

let folder: string;
let path: string;
let server: ArchiveServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "resume-test-"));
  path = join(folder, "archive.part");
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const seen: IncomingHttpHeaders[] = [];

async function serve(...listeners: RequestListener[]): Promise<void> {
  seen.length = 0;
  const noting = listeners.map((listener): RequestListener => {
    return (request, response) => {
      seen.push(request.headers);
      listener(request, response);
    };
  });
  server = await serveArchive(...noting);
}

const attempt = (options: Partial<Parameters<typeof resumeDownload>[2]> = {}) =>
  resumeDownload(server!.url, path, { maxBytes: 1e6, idleTimeoutMs: 2000, ...options });

describe("resumeDownload", () => {
  it("brings a file in one go", async () => {
    await serve(answerRanges(BYTES));
    await attempt();
    expect(await readFile(path)).toEqual(BYTES);
    expect(seen[0]?.range).toBeUndefined();
  });

  it("goes on behind the bytes that came before the connection broke", async () => {
    await serve(
      answerRanges(BYTES, { cutAfter: 7000 }),
      answerRanges(BYTES, { cutAfter: 5000 }),
      answerRanges(BYTES),
    );
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    const received: number[] = [];
    await attempt({
      onProgress: ({ receivedBytes, totalBytes }) => received.push(receivedBytes, totalBytes!),
    });
    expect(await readFile(path)).toEqual(BYTES);
    expect(seen.map((headers) => headers.range)).toEqual([undefined, "bytes=7000-", "bytes=12000-"]);
    expect(seen[1]?.["if-range"]).toBe('"1"');
    expect(received.at(-2)).toBe(BYTES.length);
    expect(Math.min(...received)).toBeGreaterThan(12_000);
    expect(received.at(-1)).toBe(BYTES.length);
  });

  it("begins again when the server has another version by now", async () => {
    const other = gzipSync(Buffer.alloc(9000, "other"), { level: 0 });
    await serve(answerRanges(BYTES, { cutAfter: 7000 }), answerRanges(other, { etag: '"2"' }));
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await attempt();
    expect(await readFile(path)).toEqual(other);
  });

  it("begins again when the server takes no ranges, or tells no version", async () => {
    const cut: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": BYTES.length, etag: 'W/"1"' });
      response.write(BYTES.subarray(0, 7000), () => response.destroy());
    };
    await serve(cut, answerRanges(BYTES, { cutAfter: 100 }), answerWith(BYTES));
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await attempt();
    expect(seen.map((headers) => headers.range)).toEqual([undefined, undefined, "bytes=100-"]);
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("begins again for another address", async () => {
    await serve(answerRanges(BYTES, { cutAfter: 7000 }), answerRanges(BYTES));
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await resumeDownload(`${server!.url}?mirror`, path, { maxBytes: 1e6, idleTimeoutMs: 2000 });
    expect(seen[1]?.range).toBeUndefined();
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("finds a file complete that was complete before", async () => {
    await serve(answerRanges(BYTES));
    await attempt();
    await attempt();
    expect(seen[1]?.range).toBe(`bytes=${BYTES.length}-`);
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("throws away what is longer than the server's file", async () => {
    await serve(answerRanges(BYTES));
    await attempt();
    await writeFile(path, Buffer.concat([BYTES, Buffer.from("more")]));
    await expect(attempt()).rejects.toThrow(/the server has 2\d+/);
    expect(await readdir(folder)).toEqual([]);
    await attempt();
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("throws away what does not fit to the range that came", async () => {
    const wrongRange: RequestListener = (_request, response) => {
      response.writeHead(206, { "content-range": `bytes 5-${BYTES.length - 1}/${BYTES.length}` });
      response.end(BYTES.subarray(5));
    };
    await serve(answerRanges(BYTES, { cutAfter: 7000 }), wrongRange, answerRanges(BYTES));
    await expect(attempt()).rejects.toBeInstanceOf(TransientDownloadError);
    await expect(attempt()).rejects.toThrow(/expected bytes from 7000 on, got them from 5 on/);
    await attempt();
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("begins again when what it remembers is damaged", async () => {
    await serve(answerRanges(BYTES));
    await writeFile(path, "something");
    await writeFile(`${path}.json`, "{");
    await attempt();
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("notices an end that comes too early though the server calls it one", async () => {
    const short: RequestListener = (_request, response) => response.end(BYTES.subarray(0, 1));
    await serve(short);
    await expect(attempt()).rejects.toThrow(/expected an archive, got 1 bytes/);
  });

  it.each([
    ["a page that is missing", answerStatus(404), /HTTP status 404/],
    [
      "a log-in page",
      ((_request, response) => response.end("<!doctype html>")) as RequestListener,
      /expected a gzip archive/,
    ],
    ["more than it may be", answerRanges(BYTES), /at most 1000 bytes, got more/],
  ])("rejects %s as nothing that passes", async (_title, listener, message) => {
    await serve(listener);
    const error = await attempt({ maxBytes: 1000 }).catch((caught: unknown) => caught);
    expect(error).not.toBeInstanceOf(TransientDownloadError);
    expect(error).toMatchObject({ code: "corpus-download", message: expect.stringMatching(message) });
  });

  it("rejects a file that grows beyond its limit without saying how large it is", async () => {
    const endless: RequestListener = (_request, response) => {
      response.flushHeaders();
      response.end(BYTES);
    };
    await serve(endless);
    await expect(attempt({ maxBytes: 1000 })).rejects.toThrow(/at most 1000 bytes/);
  });

  it("ends when it is called off, and keeps what has come", async () => {
    const silent: RequestListener = (_request, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": BYTES.length });
      response.write(BYTES.subarray(0, 7000));
    };
    await serve(silent, answerRanges(BYTES));
    const controller = new AbortController();
    const running = attempt({
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("called off")),
    });
    await expect(running).rejects.toThrow("called off");
    await attempt();
    expect(seen[1]?.range).toMatch(/^bytes=[1-9]/);
    expect(await readFile(path)).toEqual(BYTES);
  });

  it("names a file that cannot be written", async () => {
    await serve(answerRanges(BYTES));
    path = join(folder, "absent", "archive.part");
    await expect(attempt()).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(path),
    });
    path = join(folder, "folder");
    await mkdir(path);
    await expect(attempt()).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("discardPart", () => {
  it("removes the file and what is remembered of it, and minds nothing that is not there", async () => {
    await serve(answerRanges(BYTES));
    await attempt();
    await discardPart(path);
    await discardPart(path);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("fileDigest", () => {
  it("is the SHA-256 of the content", async () => {
    await writeFile(path, "abc");
    // FIPS 180-4, appendix: the digest of "abc".
    expect(await fileDigest(path)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("names a file that is not there, and ends when it is called off", async () => {
    await expect(fileDigest(path)).rejects.toMatchObject({ code: "file-unreadable" });
    await writeFile(path, "abc");
    const signal = AbortSignal.abort(new Error("called off"));
    await expect(fileDigest(path, { signal })).rejects.toThrow("called off");
  });
});
