import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentSecurity } from "./scripts/site/content-security.ts";
import { serviceWorker } from "./scripts/site/service-worker.ts";
import { sizeLimit } from "./scripts/site/size-limit.ts";
import { SECURITY_HEADERS, STYLE_NONCE } from "./src/server/page-policy.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path("src/web"),
  // Relative addresses: the site works from any folder of any host.
  base: "./",
  define: { STYLE_NONCE: JSON.stringify(STYLE_NONCE) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [contentSecurity(), sizeLimit(120), serviceWorker(path("src/web/offline/service-worker.ts"))],
  worker: { format: "es" },
  build: {
    outDir: process.env.SPOKEN_DIGITS_SITE ?? path("dist/site"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  preview: { headers: SECURITY_HEADERS },
});
