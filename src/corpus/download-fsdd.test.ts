import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ArchiveServer,
  answerStatus,
  answerWith,
  makeArchive,
  SMALL_ARCHIVE,
  SMALL_ARCHIVE_DIGEST,
  serveArchive,
} from "../../test/support/corpus-archives.ts";
import type { DownloadProgress } from "./archive-request.ts";
import {
  type DownloadFsddOptions,
  downloadFsdd,
  FSDD_DIGEST,
  fsddCacheFolder,
  recordingsDigest,
} from "./download-fsdd.ts";
import { findFsddRecordings, readFsdd } from "./fsdd.ts";

let cacheDir: string;
let server: ArchiveServer | undefined;

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "download-test-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  await rm(cacheDir, { recursive: true });
});

async function download(listeners: RequestListener[], options: DownloadFsddOptions = {}): Promise<string> {
  server = await serveArchive(...listeners);
  const { url } = server;
  return downloadFsdd({ cacheDir, url, digest: SMALL_ARCHIVE_DIGEST, retryDelayMs: 1, ...options });
}

async function failDownload(listeners: RequestListener[], options: DownloadFsddOptions = {}) {
  const error = (await download(listeners, options).catch((caught: unknown) => caught)) as Error;
  expect(error).toBeInstanceOf(Error);
  expect(await readdir(cacheDir), "a failed download leaves nothing").toEqual([]);
  return error;
}

/** Says it sends all of the bytes and closes the connection after some. */
const cutAfter = (bytes: Uint8Array, length: number): RequestListener => {
  return (_request, response) => {
    response.writeHead(200, { "content-length": bytes.length });
    response.write(bytes.subarray(0, length), () => response.destroy());
  };
};

/** Sends some bytes without saying how many there are, then ends as if these were all. */
const endAfter = (bytes: Uint8Array, length: number): RequestListener => {
  return (_request, response) => {
    response.flushHeaders();
    response.end(bytes.subarray(0, length));
  };
};

const fallSilentAfter = (bytes: Uint8Array, length: number): RequestListener => {
  return (_request, response) => response.write(bytes.subarray(0, length));
};

describe("downloadFsdd", () => {
  it("puts the recordings into the cache folder and nothing else", async () => {
    const folder = await download([answerWith(await makeArchive())]);
    expect(folder).toBe(fsddCacheFolder(cacheDir));
    expect(await readdir(cacheDir)).toEqual(["fsdd-26eb9aaf76e8"]);
    expect((await readFsdd(folder)).map(({ label, speaker, take }) => [label, speaker, take])).toEqual([
      [0, "theo", 0],
      [1, "theo", 0],
      [2, "jackson", 11],
    ]);
  });

  it("downloads once: what is in the cache is taken from there", async () => {
    const folder = await download([answerWith(await makeArchive())]);
    await downloadFsdd({ cacheDir, url: server!.url });
    expect(server!.requestCount()).toBe(1);
    expect(await readFile(join(folder, "recordings", "0_theo_0.wav"), "utf8")).toBe("zero");
  });

  it("makes the cache folder when it is not there, and follows redirects", async () => {
    const archive = await makeArchive();
    const redirect: RequestListener = (_request, response) =>
      response.writeHead(302, { location: "/real" }).end();
    const deeper = join(cacheDir, "a", "b");
    await download([redirect, answerWith(archive)], { cacheDir: deeper });
    expect(await readdir(deeper)).toEqual(["fsdd-26eb9aaf76e8"]);
  });

  it("tells how far it is, in all when the server says how much there is", async () => {
    const archive = await makeArchive();
    const progress: DownloadProgress[] = [];
    await download([answerWith(archive)], { onProgress: (step) => progress.push(step) });
    expect(progress.at(-1)).toEqual({ receivedBytes: archive.length, totalBytes: archive.length });
  });

  it("tells how far it is when the server does not say how much there is", async () => {
    const archive = await makeArchive();
    const progress: DownloadProgress[] = [];
    await download([endAfter(archive, archive.length)], { onProgress: (step) => progress.push(step) });
    expect(progress.at(-1)).toEqual({ receivedBytes: archive.length, totalBytes: undefined });
  });

  it("takes the address from SPOKEN_DIGITS_FSDD_URL", async () => {
    server = await serveArchive(answerWith(await makeArchive()));
    vi.stubEnv("SPOKEN_DIGITS_FSDD_URL", server.url);
    await downloadFsdd({ cacheDir, digest: SMALL_ARCHIVE_DIGEST });
    expect(server.requestCount()).toBe(1);
  });

  it("goes on after a connection that was cut, a server in trouble and a silent one", async () => {
    const archive = await makeArchive();
    const listeners = [
      cutAfter(archive, 100),
      answerStatus(503),
      answerStatus(429),
      fallSilentAfter(archive, 50),
      answerWith(archive),
    ];
    await download(listeners, { idleTimeoutMs: 200 });
    expect(server!.requestCount()).toBe(5);
  });

  it("goes on after an archive that ended early without the server saying so", async () => {
    const archive = await makeArchive();
    await download([endAfter(archive, 120), endAfter(archive, 0), answerWith(archive)]);
    expect(server!.requestCount()).toBe(3);
  });

  it("accepts a server that is slow but never silent", async () => {
    const archive = await makeArchive();
    const drip: RequestListener = (_request, response) => {
      const size = Math.ceil(archive.length / 10);
      for (let i = 0; i < 10; i++) {
        setTimeout(() => response.write(archive.subarray(i * size, (i + 1) * size)), 80 * i);
      }
      setTimeout(() => response.end(), 800);
    };
    await download([drip], { idleTimeoutMs: 600, retries: 0 });
    expect(server!.requestCount()).toBe(1);
  });

  it.each([
    ["a status 500", () => answerStatus(500), /HTTP status 500/],
    ["a cut connection", (archive: Uint8Array) => cutAfter(archive, 100), /terminated|other side closed/],
    ["a cut archive", (archive: Uint8Array) => endAfter(archive, 120), /120 bytes is cut or damaged/],
    ["nothing at all", (archive: Uint8Array) => endAfter(archive, 0), /got 0 bytes/],
    ["silence", (archive: Uint8Array) => fallSilentAfter(archive, 120), /no bytes came for 0.1 s/],
  ])(
    "gives up on %s after the retries, saying where, what and what to do",
    async (_title, listener, message) => {
      const error = await failDownload([listener(await makeArchive())], { retries: 2, idleTimeoutMs: 100 });
      expect(error).toMatchObject({ name: "CorpusError", code: "corpus-download" });
      expect(error.message).toMatch(message);
      for (const part of [server!.url, "--data", "SPOKEN_DIGITS_DATA", "SPOKEN_DIGITS_FSDD_URL"]) {
        expect(error.message).toContain(part);
      }
      expect(server!.requestCount()).toBe(3);
    },
  );

  it.each([
    ["a page that is missing", answerStatus(404), /HTTP status 404 Not Found/],
    [
      "a log-in page",
      ((_request, response) => {
        response.setHeader("content-type", "text/html");
        response.end("<!doctype html><title>Sign in</title>");
      }) as RequestListener,
      /expected a gzip archive, got text\/html starting with "<!doctype html>/,
    ],
  ])("does not try again on %s", async (_title, listener, message) => {
    const error = await failDownload([listener]);
    expect(error).toMatchObject({ code: "corpus-download", message: expect.stringMatching(message) });
    expect(server!.requestCount()).toBe(1);
  });

  it("rejects recordings other than the expected, by their digest", async () => {
    const changed = SMALL_ARCHIVE.map((entry) =>
      entry.content === "one" ? { ...entry, content: "ONE" } : entry,
    );
    const error = await failDownload([answerWith(await makeArchive(changed))]);
    expect(error).toMatchObject({ code: "corpus-digest" });
    expect(error.message).toContain(SMALL_ARCHIVE_DIGEST);
    expect(error.message).toContain(server!.url);
    expect(server!.requestCount()).toBe(1);
  });

  it("expects the digest of the published data set unless told otherwise", async () => {
    const error = await failDownload([answerWith(await makeArchive())], { digest: undefined });
    expect(error).toMatchObject({ code: "corpus-digest", message: expect.stringContaining(FSDD_DIGEST) });
  });

  it("leaves nothing of an archive that fails while it is unpacked", async () => {
    const link = { name: "top/recordings/9_evil_0.wav", type: "symlink", linkname: "/etc" } as const;
    const error = await failDownload([answerWith(await makeArchive([...SMALL_ARCHIVE, link]))]);
    expect(error).toMatchObject({ code: "corpus-download", message: expect.stringContaining("symlink") });
  });

  it("says so when there is no server", async () => {
    server = await serveArchive(answerStatus(200));
    const { url } = server;
    await server.close();
    server = undefined;
    await expect(downloadFsdd({ cacheDir, url, retries: 1, retryDelayMs: 1 })).rejects.toMatchObject({
      code: "corpus-download",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it("ends at once when it is called off, while it downloads and while it waits for the next attempt", async () => {
    const archive = await makeArchive();
    for (const listener of [fallSilentAfter(archive, 100), answerStatus(503)]) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("called off")), 100);
      const options = { signal: controller.signal, retryDelayMs: 60_000 };
      expect((await failDownload([listener], options)).message).toBe("called off");
      await server!.close();
    }
  });

  it("lets two downloads at the same time both succeed", async () => {
    server = await serveArchive(answerWith(await makeArchive()));
    const options = { cacheDir, url: server.url, digest: SMALL_ARCHIVE_DIGEST };
    const folders = await Promise.all([downloadFsdd(options), downloadFsdd(options)]);
    expect(folders).toEqual([fsddCacheFolder(cacheDir), fsddCacheFolder(cacheDir)]);
    expect(await readdir(cacheDir)).toEqual(["fsdd-26eb9aaf76e8"]);
  });

  it.each(["", "fsdd.tar.gz", "file:///tmp/fsdd.tar.gz"])("rejects the address %j", async (url) => {
    await expect(downloadFsdd({ cacheDir, url })).rejects.toMatchObject({ code: "invalid-argument" });
  });

  it("says which cache folder cannot be written", async () => {
    await writeFile(join(cacheDir, "file"), "");
    const below = join(cacheDir, "file", "cache");
    await expect(downloadFsdd({ cacheDir: below, url: "http://127.0.0.1:1/" })).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringContaining(below),
    });
  });
});

describe.skipIf(!process.env.SPOKEN_DIGITS_DATA)("FSDD_DIGEST", () => {
  it("is the digest of the data set in SPOKEN_DIGITS_DATA", async () => {
    const recordings = await findFsddRecordings(process.env.SPOKEN_DIGITS_DATA!);
    expect(await recordingsDigest(recordings)).toBe(FSDD_DIGEST);
  });
});

describe("fsddCacheFolder", () => {
  it("is below the cache folder of the user by default", async () => {
    await mkdir(cacheDir, { recursive: true });
    vi.stubEnv("SPOKEN_DIGITS_CACHE", cacheDir);
    expect(fsddCacheFolder()).toBe(join(cacheDir, "fsdd-26eb9aaf76e8"));
  });
});
