// Makes a checkout ready: installs the packages when they are missing or older than package-lock.json and, with
// --build, builds dist/ when the sources have changed. Says nothing when there is nothing to do.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isBuilt, isSupportedNode, markBuilt, missingPackages, npmCommand } from "./installation.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

checkNode();
if (missingPackages(ROOT).length > 0) install();
if (process.argv.includes("--build") && !isBuilt(ROOT)) build();

function checkNode() {
  const range = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).engines.node;
  if (isSupportedNode(process.versions.node, range)) return;
  fail(`spoken-digits needs Node.js ${range}, this is ${process.versions.node}. See https://nodejs.org`);
}

function install() {
  console.error("Installing packages (npm ci), a minute or two the first time ...");
  const { command, args, shell } = npmCommand(["ci"]);
  if (runQuietly(command, args, { shell }) !== 0) {
    fail("npm ci failed, see above. The first run needs the npm registry.");
  }
}

function build() {
  console.error("Building dist/ (tsdown) ...");
  const tsdown = join(ROOT, "node_modules", "tsdown", "dist", "run.mjs");
  if (runQuietly(process.execPath, [tsdown]) !== 0) fail("The build failed, see above.");
  markBuilt(ROOT);
}

/**
 * Runs a command in the checkout and shows what it printed only when it failed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ shell?: boolean }} [options]
 */
function runQuietly(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.status !== 0) console.error(result.stdout, result.stderr, result.error ?? "");
  return result.status;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
