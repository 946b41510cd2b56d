// Serves the built page to this machine alone.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { preview } from "vite";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Serves the built page on 127.0.0.1.
 *
 * @param {object} options
 * @param {number} options.port The port, or the next free one after it.
 * @param {string} [options.folder] Where the page was built. Default: dist/site.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveSite({ port, folder = join(ROOT, "dist", "site") }) {
  const server = await preview({
    configFile: join(ROOT, "vite.config.ts"),
    build: { outDir: folder },
    preview: { host: "127.0.0.1", port, strictPort: false, open: false },
    logLevel: "warn",
  });
  const address = server.httpServer.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return { url: `http://localhost:${bound}/`, close: () => server.close() };
}
