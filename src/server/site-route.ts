// The page, where there is one.

import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { FileError } from "../errors.ts";
import { registerSharedFiles } from "./site-files.ts";

/** Files in this folder of the page have their contents in their names. */
const HASHED = `${sep}assets${sep}`;

/**
 * Finds the folder of the page.
 *
 * @param site `auto`, `none` or a folder, as the setting says.
 * @returns The folder, or null where there is no page to serve.
 * @throws {FileError} A folder was named and holds no page.
 */
export function findSite(site: string): string | null {
  if (site === "none") return null;
  const folder = site === "auto" ? ownSite() : site;
  if (existsSync(join(folder, "index.html"))) return folder;
  if (site === "auto") return null;
  throw new FileError(`serve: ${folder} holds no index.html; build the page with npm run build:site`);
}

/**
 * Adds the page at `/`.
 *
 * @param server Is changed.
 * @param folder Where it was built.
 */
export async function registerSite(server: FastifyInstance, folder: string): Promise<void> {
  registerSharedFiles(server, folder);
  await server.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: "ignore",
    // What `build:site` compressed is sent to whoever takes it so.
    preCompressed: true,
    setHeaders: (reply, path) => {
      const isHashed = path.includes(HASHED);
      reply.setHeader("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}

/** Says at `/` how the page is built, where there is none and none was to be. @param server Is changed. */
export function registerMissingSite(server: FastifyInstance): void {
  server.get("/", { schema: { hide: true } }, (_request, reply) =>
    reply.code(404).type("text/html; charset=utf-8").send(MISSING_SITE),
  );
}

const MISSING_SITE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Spoken Digits</title>
<h1>The API is here, the page is not</h1>
<p>The page has not been built: <code>npm run build:site</code> builds it, then start the server again.</p>
<p>Every route of the API, and a page to try it: <a href="docs">docs</a>.</p></html>
`;

/** Built, the page lies beside the bundle; from source it is where the build puts it. */
function ownSite(): string {
  const place = import.meta.url.endsWith(".ts") ? "../../dist/site" : "./site";
  return fileURLToPath(new URL(place, import.meta.url));
}
