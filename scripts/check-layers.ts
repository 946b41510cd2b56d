import { isBuiltin } from "node:module";
import { posix } from "node:path";
import ts from "typescript";
import type { SourceFiles } from "./source-files.ts";

/** Folders of `src/` in the order of their imports: each may import from earlier rows and from itself. */
const ROWS = [
  ["audio", "graph", "workers"],
  ["model"],
  ["live", "corpus"],
  ["recordings", "training/arithmetic"],
  ["evaluation", "client", "browser"],
  ["training", "publishing"],
  ["server"],
  ["cli", "web"],
] as const;

/** Folders that run anywhere, and so take the ONNX runtime as an argument and import nothing of Node.js. */
const PORTABLE = new Set(["audio", "graph", "model", "live", "recordings", "training/arithmetic", "client"]);

/** Loads models from files: for all folders that need Node.js. */
const NODE_ENTRY = "src/load-models.ts";

/** Files that gather what the package offers. */
const PORTABLE_SURFACE = "src/portable-surface.ts";
const SURFACES = new Set(["src/index.ts", NODE_ENTRY, PORTABLE_SURFACE]);

/** Files which every folder may import. */
const SHARED = new Set([
  "src/bounded-json.ts",
  "src/errors.ts",
  "src/file-error.ts",
  "src/group-by.ts",
  "src/redis.ts",
  "src/random.ts",
  "src/write-whole.ts",
  "package.json",
]);

const RUNTIMES = new Set(["onnxruntime-node", "onnxruntime-web"]);

/**
 * Checks that the imports of `src/` go one way through the layers, and that the portable folders import neither
 * modules of Node.js nor an ONNX runtime. Tests may import anything.
 *
 * @param sources Files of `src/`.
 * @returns One line for each fault, for example `src/audio/a.ts:3: audio must not import from model`.
 */
export function findLayerFaults(sources: SourceFiles): string[] {
  return [...sources]
    .filter(([path]) => !path.endsWith(".test.ts"))
    .flatMap(([path, text]) =>
      importsOf(text).flatMap(({ specifier, line }) => {
        const fault = specifier.startsWith(".")
          ? faultOfPath(path, specifier)
          : faultOfPackage(path, specifier);
        return fault ? [`${path}:${line}: ${fault}`] : [];
      }),
    );
}

function importsOf(text: string): { specifier: string; line: number }[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => ({
    specifier: fileName,
    line: text.slice(0, pos).split("\n").length,
  }));
}

function faultOfPath(from: string, specifier: string): string | null {
  const target = posix.normalize(posix.join(posix.dirname(from), specifier));
  if (SHARED.has(target)) return null;
  if (!target.startsWith("src/")) return `${target} is outside src/`;
  const [source, destination] = [layerOf(from), layerOf(target)];
  if (target === NODE_ENTRY) return faultOfNodeEntry(source);
  if (source === destination || SURFACES.has(from) || target === PORTABLE_SURFACE) return null;
  if (destination === null) return `${target} is not shared, only ${[...SHARED].join(", ")} are`;
  if (source === null) return SHARED.has(from) ? null : `${from} must not import from a layer`;
  const [sourceRow, destinationRow] = [rowOf(source), rowOf(destination)];
  if (sourceRow === -1) return `src/${source} is no known layer`;
  if (destinationRow === -1) return `src/${destination} is no known layer`;
  return destinationRow < sourceRow ? null : `${source} must not import from ${destination}`;
}

function faultOfNodeEntry(source: string | null): string | null {
  const isPortable = source !== null && PORTABLE.has(source);
  return isPortable ? `${source} runs anywhere and must not import ${NODE_ENTRY}` : null;
}

function faultOfPackage(from: string, specifier: string): string | null {
  const layer = layerOf(from);
  if (layer === null || !PORTABLE.has(layer)) return null;
  if (isBuiltin(specifier)) return `${layer} runs anywhere and must not import ${specifier}`;
  const isRuntime = RUNTIMES.has(specifier.split("/")[0] ?? "");
  return isRuntime ? `${layer} takes the ONNX runtime as an argument and must not import ${specifier}` : null;
}

/** The layer of a file of `src/`, null directly in `src/`. */
function layerOf(path: string): string | null {
  const folders = path.split("/").slice(1, -1);
  const [first, second] = folders;
  if (first === undefined) return null;
  return rowOf(`${first}/${second}`) === -1 ? first : `${first}/${second}`;
}

function rowOf(layer: string): number {
  return ROWS.findIndex((row) => (row as readonly string[]).includes(layer));
}
