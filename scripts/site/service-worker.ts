import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin } from "vite";
import { build } from "vite";

const FILE_NAME = "service-worker.js";
// What a host reads and does not send.
const NOT_SENT = [FILE_NAME, "_headers"];
// Names that change with the content; the others need a revision.
const HASHED = /^assets\//;

/**
 * Writes service-worker.js beside the built page, with the list of all its files.
 *
 * @param source Path of its source.
 */
export function serviceWorker(source: string): Plugin {
  let outDir = "";
  return {
    name: "service-worker",
    apply: "build",
    configResolved: (config) => {
      outDir = resolve(config.root, config.build.outDir);
    },
    writeBundle: async () => {
      await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        define: {
          PRECACHE: JSON.stringify(listFiles(outDir)),
          "process.env.NODE_ENV": JSON.stringify("production"),
        },
        build: {
          outDir,
          emptyOutDir: false,
          // A classic script: not every browser takes modules here.
          lib: { entry: source, formats: ["iife"], name: "serviceWorker", fileName: () => FILE_NAME },
        },
      });
    },
  };
}

function listFiles(folder: string): { url: string; revision: string | null }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOT_SENT.includes(entry.name) && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const url = relative(folder, path).split(sep).join("/");
      return { url, revision: HASHED.test(url) ? null : digest(path) };
    });
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
}
