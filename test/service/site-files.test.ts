import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compressSite } from "../../scripts/site/compress-site.js";
import { ROOT, type Service, startService } from "./service-fixture.ts";

const WASM = Buffer.from("a runtime ".repeat(1000));
const SCRIPT = "console.log('a page');\n".repeat(100);

let folder: string;
let service: Service;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spoken-digits-site-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>".repeat(50));
  writeFileSync(join(folder, "assets", "index-12345678.js"), SCRIPT);
  compressSite(folder);
  writeFileSync(join(folder, "assets", "ort-12345678.wasm.br"), brotliCompressSync(WASM));
  const shared = { "assets/compact-12345678.onnx": "compact.onnx" };
  writeFileSync(join(folder, "shared-files.json"), JSON.stringify(shared));
  service = await startService({ site: folder });
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

test("makes other forms of what there is in brotli alone", async () => {
  const path = "/assets/ort-12345678.wasm";
  expect(brotliDecompressSync((await ask(path, "br")).bytes)).toEqual(WASM);
  expect(gunzipSync((await ask(path, "gzip, br;q=0")).bytes)).toEqual(WASM);
  expect((await ask(path, "identity")).bytes).toEqual(WASM);
});

test("takes models from the package where the page has no copies of them", async () => {
  const { bytes } = await ask("/assets/compact-12345678.onnx", "br");
  expect(bytes.equals(readFileSync(`${ROOT}models/compact.onnx`))).toBe(true);
});
