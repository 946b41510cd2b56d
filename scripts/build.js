// Builds dist/ when the sources have changed since the last time, and says nothing otherwise.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isBuilt, markBuilt } from "./installation.js";
import { runOrExit } from "./run-or-exit.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

if (!isBuilt(ROOT)) {
  console.error("Building dist/ (tsdown) ...");
  const tsdown = join(ROOT, "node_modules", "tsdown", "dist", "run.mjs");
  runOrExit(process.execPath, [tsdown], { cwd: ROOT, failure: "The build failed, see above." });
  markBuilt(ROOT);
}
