// Makes a checkout ready: installs the packages when they are missing or older than package-lock.json and, with
// --build, builds dist/ when the sources have changed. Says nothing when there is nothing to do.

import { lstatSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isSupportedNode, missingPackages, npmCommand } from "./installation.js";
import { runOrExit } from "./run-or-exit.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

checkNode();
if (missingPackages(ROOT).length > 0) install();
if (process.argv.includes("--build")) await import("./build.js");

function checkNode() {
  const range = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).engines.node;
  if (isSupportedNode(process.versions.node, range)) return;
  fail(`spoken-digits needs Node.js ${range}, this is ${process.versions.node}. See https://nodejs.org`);
}

function install() {
  // npm ci empties node_modules first, also where it is a link to the packages of another checkout.
  if (lstatSync(join(ROOT, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      "node_modules is a link and lacks packages of package-lock.json: install them there, or remove the link.",
    );
  }
  console.error("Installing packages (npm ci), a minute or two the first time ...");
  const { command, args, shell } = npmCommand(["ci"]);
  const failure = "npm ci failed, see above. The first run needs the npm registry.";
  // onnxruntime-node's install step would download libraries for GPUs; the build for processors is inside the package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
  runOrExit(command, args, { cwd: ROOT, shell, failure, env });
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
