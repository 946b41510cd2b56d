// npm run build:site: builds the page as a plain static site in dist/site. With --if-needed only when its sources have
// changed since the last time, and then without a word.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { compressSite } from "./site/compress-site.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const INPUTS = [
  "src",
  "scripts/site",
  "scripts/build-site.js",
  "fixtures/samples",
  "models/compact.onnx",
  "models/stream.onnx",
  "vite.config.ts",
  "package-lock.json",
];

/**
 * Builds the page into a folder.
 *
 * @param {object} options
 * @param {string} [options.folder] Where to. Default: dist/site.
 * @param {boolean} [options.ifNeeded] Only when the sources have changed. Default: false.
 * @param {boolean} [options.quiet] Print errors alone. Default: false.
 * @param {boolean} [options.compress] Write compressed copies for servers that send such. Default: false.
 */
export async function buildSite({
  folder = join(ROOT, "dist", "site"),
  ifNeeded = false,
  quiet = false,
  compress = false,
} = {}) {
  const stamp = join(folder, ".built-from");
  const digest = digestOfInputs();
  if (ifNeeded && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  rmSync(stamp, { force: true }); // a build that fails leaves none
  await forProduction(() =>
    build({
      configFile: join(ROOT, "vite.config.ts"),
      logLevel: quiet ? "warn" : "info",
      build: { outDir: folder },
    }),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "shared-files.json"), JSON.stringify(sharedFiles(folder)));
  if (compress) compressSite(folder);
  writeFileSync(stamp, digest);
}

/**
 * Which models of the package the page has copies of: a package need not hold them twice.
 *
 * @param {string} folder Of the built page.
 * @returns {Record<string, string>} Names of models by paths from the folder.
 */
function sharedFiles(folder) {
  const copies = readdirSync(join(folder, "assets")).filter((name) => name.endsWith(".onnx"));
  return Object.fromEntries(
    copies.map((name) => [`assets/${name}`, name.replace(/-[\w-]{8}\.onnx$/, ".onnx")]),
  );
}

/**
 * Vite builds for what NODE_ENV says; a site is for production also where tests build it.
 *
 * @param {() => Promise<unknown>} run
 */
async function forProduction(run) {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    await run();
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

function digestOfInputs() {
  const hash = createHash("sha256");
  for (const path of INPUTS.flatMap((name) => filesOf(join(ROOT, name)))) {
    hash.update(`${relative(ROOT, path).split(sep).join("/")}\n`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/**
 * @param {string} path A file or a folder.
 * @returns {string[]} It, or all files below it that the page may be made of.
 */
function filesOf(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildSite({ ifNeeded: process.argv.includes("--if-needed"), compress: true });
}
