// Files of the page that the package holds in one form alone: models in `models/`, the runtime as its compressed copy.

import { createReadStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliDecompress, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const UNCHANGING = "public, max-age=31536000, immutable";
const WASM = "application/wasm";

/**
 * Adds routes for what the folder itself lacks; with a folder as the build leaves it that is nothing.
 *
 * @param server Is changed.
 * @param folder Of the page.
 */
export function registerSharedFiles(server: FastifyInstance, folder: string): void {
  for (const [path, model] of Object.entries(sharedModels(folder))) {
    if (!existsSync(join(folder, path))) serveModel(server, `/${path}`, modelFile(model));
  }
  for (const name of compressedOnly(join(folder, "assets"))) {
    serveCompressed(server, `/assets/${name}`, join(folder, "assets", `${name}.br`));
  }
}

function sharedModels(folder: string): Record<string, string> {
  const list = join(folder, "shared-files.json");
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Record<string, string>) : {};
}

function modelFile(name: string): string {
  const folder = import.meta.url.endsWith(".ts") ? "../../models/" : "../models/";
  return fileURLToPath(new URL(`${folder}${basename(name)}`, import.meta.url));
}

function compressedOnly(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  return names
    .filter((name) => name.endsWith(".wasm.br"))
    .map((name) => name.slice(0, -".br".length))
    .filter((name) => !names.includes(name));
}

function serveModel(server: FastifyInstance, url: string, path: string): void {
  server.get(url, { schema: { hide: true } }, (_request, reply) =>
    reply
      .headers({ "cache-control": UNCHANGING, "content-type": "application/octet-stream" })
      .send(createReadStream(path)),
  );
}

/**
 * Browsers take brotli over https and from localhost alone, so there are other forms for the rest. Each is made once and
 * shared: a thousand clients that ask for it and do not read hold the same bytes.
 */
function serveCompressed(server: FastifyInstance, url: string, path: string): void {
  let gzipped: Promise<Buffer> | undefined;
  let decompressed: Promise<Buffer> | undefined;
  const plain = () => {
    decompressed ??= promisify(brotliDecompress)(readFileSync(path));
    return decompressed;
  };
  server.get(url, { schema: { hide: true } }, async (request, reply) => {
    reply.headers({ "cache-control": UNCHANGING, "content-type": WASM, vary: "accept-encoding" });
    if (accepts(request, "br")) return encoded(reply, "br").send(createReadStream(path));
    if (!accepts(request, "gzip")) return reply.send(await plain());
    gzipped ??= plain().then((bytes) => promisify(gzip)(bytes));
    return encoded(reply, "gzip").send(await gzipped);
  });
}

function accepts({ headers }: FastifyRequest, encoding: string): boolean {
  const accepted = String(headers["accept-encoding"] ?? "").toLowerCase();
  return new RegExp(`(?:^|[\\s,])${encoding}(?!\\s*;\\s*q=0(?:\\.0*)?(?:[\\s,]|$))`).test(accepted);
}

function encoded(reply: FastifyReply, encoding: string): FastifyReply {
  return reply.header("content-encoding", encoding);
}
