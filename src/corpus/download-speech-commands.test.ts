import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type ArchiveServer,
  answerRanges,
  answerStatus,
  answerWith,
  makeArchive,
  serveArchive,
  serveArchiveAt,
} from "../../test/support/corpus-archives.ts";
import {
  DEFAULT_SPEECH_COMMANDS_FOLDERS,
  type DownloadSpeechCommandsOptions,
  downloadSpeechCommands,
  SPEECH_COMMANDS_ARCHIVES,
  speechCommandsCacheFolder,
} from "./download-speech-commands.ts";
import { readSpeechCommands } from "./speech-commands.ts";

const ARCHIVE = await makeArchive([
  { name: "./README.md", content: "# Speech Commands" },
  ...DEFAULT_SPEECH_COMMANDS_FOLDERS.map((word) => ({
    name: word.startsWith("_") ? `./${word}/tap.wav` : `./${word}/aa_nohash_0.wav`,
    content: word,
  })),
  { name: "./visual/aa_nohash_0.wav", content: "visual" },
]);
const DIGEST = createHash("sha256").update(ARCHIVE).digest("hex");

let cacheDir: string;
let server: ArchiveServer | undefined;

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "download-sc-test-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  await rm(cacheDir, { recursive: true });
});

async function download(listeners: RequestListener[], options: DownloadSpeechCommandsOptions = {}) {
  await server?.close();
  server = await serveArchive(...listeners);
  return downloadSpeechCommands({ cacheDir, url: server.url, digest: DIGEST, retryDelayMs: 1, ...options });
}

describe("downloadSpeechCommands", () => {
  it("puts the folders wanted into the cache and leaves nothing else", async () => {
    const folder = await download([answerRanges(ARCHIVE)]);
    expect(folder).toBe(speechCommandsCacheFolder("0.02", cacheDir));
    expect(await readdir(cacheDir)).toEqual(["speech-commands-0.02"]);
    const { recordings, backgroundNoise } = await readSpeechCommands(folder);
    expect(recordings).toHaveLength(25);
    expect(backgroundNoise).toHaveLength(1);
  });

  it("keeps other folders when told to, and each version apart", async () => {
    const folder = await download([answerRanges(ARCHIVE)], { folders: ["nine", "visual"], version: "0.01" });
    expect((await readdir(folder)).sort()).toEqual(["nine", "visual"]);
    expect(await readdir(cacheDir)).toEqual(["speech-commands-0.01"]);
  });

  it("downloads once, and says so when a folder is missing from before", async () => {
    await download([answerRanges(ARCHIVE)], { folders: ["one"] });
    const { url } = server!;
    await downloadSpeechCommands({ cacheDir, url, folders: ["one"] });
    expect(server!.requestCount()).toBe(1);
    await expect(downloadSpeechCommands({ cacheDir, url })).rejects.toMatchObject({
      code: "corpus-missing",
      message: expect.stringMatching(/without the folder zero; remove it/),
    });
  });

  it("goes on where the connection broke, as often as it gets further", async () => {
    const size = Math.ceil(ARCHIVE.length / 9);
    await download([answerRanges(ARCHIVE, { cutAfter: size })], { retries: 2 });
    expect(server!.requestCount()).toBeGreaterThanOrEqual(9);
  });

  it("gives up after the retries when it gets no further", async () => {
    const cut = answerRanges(ARCHIVE, { cutAfter: 100 });
    const error = await download([cut, answerStatus(503)], { retries: 2 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "corpus-download" });
    for (const part of [server!.url, "503", "SPOKEN_DIGITS_SPEECH_COMMANDS_URL", "--data"])
      expect((error as Error).message).toContain(part);
    // One more where the first attempt brought its bytes.
    expect([3, 4]).toContain(server!.requestCount());
  });

  it("gives up on a server that breaks off and cannot go on", async () => {
    const cut: RequestListener = (_request, response) => {
      response.writeHead(200, { "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 100), () => response.destroy());
    };
    await expect(download([cut], { retries: 2 })).rejects.toMatchObject({ code: "corpus-download" });
    expect(server!.requestCount()).toBeLessThan(6);
  });

  it("goes on in the next process with what is left of the last", async () => {
    const first = download([answerRanges(ARCHIVE, { cutAfter: 300 }), answerStatus(404)]);
    await expect(first).rejects.toMatchObject({ code: "corpus-download" });
    expect(await readdir(cacheDir)).toContain("speech-commands-0.02.tar.gz.part");
    const { url } = server!;
    await server!.close();
    const ranges: (string | undefined)[] = [];
    const noting: RequestListener = (request, response) => {
      ranges.push(request.headers.range);
      answerRanges(ARCHIVE)(request, response);
    };
    // Another address would be another archive.
    server = await serveArchiveAt(Number(new URL(url).port), noting);
    await downloadSpeechCommands({ cacheDir, url, digest: DIGEST });
    expect(ranges).toEqual(["bytes=300-"]);
    expect(await readdir(cacheDir)).toEqual(["speech-commands-0.02"]);
  });

  it("rejects another archive by its digest, and forgets it", async () => {
    const error = await download([answerRanges(ARCHIVE)], { digest: undefined }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: "corpus-digest" });
    expect((error as Error).message).toContain(SPEECH_COMMANDS_ARCHIVES["0.02"].digest);
    expect((error as Error).message).toContain(DIGEST);
    expect(await readdir(cacheDir)).toEqual([]);
    expect(server!.requestCount()).toBe(1);
  });

  it("leaves no half-filled folder of an archive that cannot be unpacked", async () => {
    const broken = gzipSync("no tar archive, though gzipped");
    const digest = createHash("sha256").update(broken).digest("hex");
    await expect(download([answerRanges(broken)], { digest })).rejects.toMatchObject({
      code: "corpus-download",
    });
    expect((await readdir(cacheDir)).filter((name) => !name.includes(".part"))).toEqual([]);
  });

  it("tells how far it is", async () => {
    const steps: unknown[] = [];
    await download([answerWith(ARCHIVE)], { onProgress: (step) => steps.push(step) });
    expect(steps.at(-1)).toEqual({ receivedBytes: ARCHIVE.length, totalBytes: ARCHIVE.length });
  });

  it("gives up on silence after the time limit", async () => {
    const silent: RequestListener = (_request, response) => response.flushHeaders();
    const options = { retries: 1, idleTimeoutMs: 100 };
    await expect(download([silent], options)).rejects.toThrow(/no bytes came for 0.1 s/);
  });

  it("ends when it is called off and keeps what has come", async () => {
    const controller = new AbortController();
    const silent: RequestListener = (_request, response) => {
      response.writeHead(200, { etag: '"1"', "content-length": ARCHIVE.length });
      response.write(ARCHIVE.subarray(0, 300));
    };
    const options = {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("called off")),
    };
    await expect(download([silent], options)).rejects.toThrow("called off");
    expect(await readdir(cacheDir)).toContain("speech-commands-0.02.tar.gz.part");
  });

  it("takes the address from SPOKEN_DIGITS_SPEECH_COMMANDS_URL", async () => {
    server = await serveArchive(answerRanges(ARCHIVE));
    vi.stubEnv("SPOKEN_DIGITS_SPEECH_COMMANDS_URL", server.url);
    await downloadSpeechCommands({ cacheDir, digest: DIGEST });
    expect(server.requestCount()).toBe(1);
  });

  it("rejects an address that is not http", async () => {
    await expect(downloadSpeechCommands({ cacheDir, url: "file:///x" })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  });
});

describe("speechCommandsCacheFolder", () => {
  it("is below the cache folder of the user, for version 0.02, by default", () => {
    vi.stubEnv("SPOKEN_DIGITS_CACHE", cacheDir);
    expect(speechCommandsCacheFolder()).toBe(join(cacheDir, "speech-commands-0.02"));
  });
});
