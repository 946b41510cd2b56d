import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { compressSite } from "../../scripts/site/compress-site.js";
import { failureOf, ROOT, type Service, startService } from "./service-fixture.ts";

const WASM = Buffer.from("a runtime ".repeat(1000));
/** More than the system takes of an answer for a client that does not read. */
const LARGE = Buffer.alloc(12_000_000, "a runtime ");
const SCRIPT = "console.log('a page');\n".repeat(100);

let folder: string;
/** Requests for the large file whose answer is ready. */
let answered = 0;
let service: Service;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spoken-digits-site-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>".repeat(50));
  writeFileSync(join(folder, "assets", "index-12345678.js"), SCRIPT);
  compressSite(folder);
  writeFileSync(join(folder, "assets", "ort-12345678.wasm.br"), brotliCompressSync(WASM));
  writeFileSync(join(folder, "assets", "large-12345678.wasm.br"), brotliCompressSync(LARGE));
  const shared = { "assets/compact-12345678.onnx": "compact.onnx" };
  writeFileSync(join(folder, "shared-files.json"), JSON.stringify(shared));
  service = await startService({ site: folder }, (server) => {
    server.addHook("onSend", async ({ url }) => {
      if (url.includes("large")) answered += 1;
    });
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** Asks as a browser does and leaves the answer as it came. */
function ask(path: string, encoding: string): Promise<{ encoding?: string; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    get(`${service.url}${path}`, { headers: { "accept-encoding": encoding } }, (response) => {
      const { "content-encoding": used } = response.headers;
      buffer(response).then((bytes) => resolve({ encoding: used, bytes }), reject);
    }).on("error", reject);
  });
}

test("sends the compressed copies of a file to those who take them", async () => {
  const path = "/assets/index-12345678.js";
  const brotli = await ask(path, "gzip, deflate, br");
  expect(brotli.encoding).toBe("br");
  expect(brotliDecompressSync(brotli.bytes).toString()).toBe(SCRIPT);
  const gzip = await ask(path, "gzip");
  expect(gzip.encoding).toBe("gzip");
  expect(gunzipSync(gzip.bytes).toString()).toBe(SCRIPT);
  expect(await ask(path, "identity")).toEqual({ encoding: undefined, bytes: Buffer.from(SCRIPT) });
});

test("tells how long a file is to whoever asks for bytes behind its end", async () => {
  const headers = { range: `bytes=${SCRIPT.length}-`, "accept-encoding": "identity" };
  const answer = await fetch(`${service.url}/assets/index-12345678.js`, { headers });
  expect([answer.status, answer.headers.get("content-range")]).toEqual([416, `bytes */${SCRIPT.length}`]);
  expect(await failureOf(answer)).toBe("request-range");
  const start = await fetch(answer.url, { headers: { ...headers, range: "bytes=0-6" } });
  expect([start.status, await start.text()]).toEqual([206, SCRIPT.slice(0, 7)]);
});

test("sends nothing to whoever wants another version of a file", async () => {
  const answer = await fetch(`${service.url}/`, { headers: { "if-match": '"of yesterday"' } });
  expect([answer.status, await failureOf(answer)]).toEqual([412, "request-precondition"]);
});

test("makes other forms of what there is in brotli alone", async () => {
  const path = "/assets/ort-12345678.wasm";
  expect(brotliDecompressSync((await ask(path, "br")).bytes)).toEqual(WASM);
  expect(gunzipSync((await ask(path, "gzip, br;q=0")).bytes)).toEqual(WASM);
  expect((await ask(path, "identity")).bytes).toEqual(WASM);
});

test("holds the other forms once, however many ask and do not read", async () => {
  const count = 24;
  const before = process.memoryUsage().arrayBuffers;
  const sockets = Array.from({ length: count }, () => connect(service.port, "127.0.0.1").pause());
  for (const socket of sockets)
    socket.write("GET /assets/large-12345678.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await vi.waitFor(() => expect(answered).toBe(count), { timeout: 60_000 });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((count / 4) * LARGE.length);
  for (const socket of sockets) socket.destroy();
});

test("takes models from the package where the page has no copies of them", async () => {
  const { bytes } = await ask("/assets/compact-12345678.onnx", "br");
  expect(bytes.equals(readFileSync(`${ROOT}models/compact.onnx`))).toBe(true);
});
