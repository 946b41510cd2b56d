import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { contentSecurity } from "./scripts/site/content-security.ts";
import { loneEntry } from "./scripts/site/lone-entry.ts";
import { serviceWorker } from "./scripts/site/service-worker.ts";
import { sizeLimit } from "./scripts/site/size-limit.ts";
import { PAGE_HEADERS, STYLE_NONCE } from "./src/server/page-policy.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const FIRST_LOAD = ["node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm", "models/compact.onnx"];
const firstLoadBytes = FIRST_LOAD.reduce((sum, name) => sum + statSync(path(name)).size, 0);

export default defineConfig({
  root: path("src/web"),
  // Relative addresses: the site works from any folder of any host.
  base: "./",
  define: {
    STYLE_NONCE: JSON.stringify(STYLE_NONCE),
    FIRST_LOAD_BYTES: JSON.stringify(firstLoadBytes),
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [contentSecurity(), sizeLimit(120), serviceWorker(path("src/web/offline/service-worker.ts"))],
  worker: { format: "es", plugins: () => [loneEntry()] },
  build: {
    outDir: process.env.SPOKEN_DIGITS_SITE ?? path("dist/site"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
  preview: { headers: PAGE_HEADERS },
});
