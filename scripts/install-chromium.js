// Before npm test: gets a Chromium for the tests of the page where there is none, Debian's package when root on Debian,
// else Playwright's own. Never fails: without one, those tests are skipped and say so.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./site/find-chromium.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LIMIT_MS = 300_000;

if (findChromium() === null) {
  console.error("Installing Chromium for the tests of the page ...");
  const isRoot = process.getuid?.() === 0;
  const isInstalled = isRoot && existsSync("/etc/debian_version") ? installPackage() : installPlaywrights();
  if (!isInstalled) console.error("Chromium could not be installed: the tests of the page are skipped.");
}

function installPackage() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", "chromium"];
  return run("apt-get", ["update", "-qq"], env) && run("apt-get", install, env);
}

function installPlaywrights() {
  const cli = join(ROOT, "node_modules", "playwright-core", "cli.js");
  return run(process.execPath, [cli, "install", "chromium"], process.env);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function run(command, args, env) {
  return spawnSync(command, args, { env, stdio: "ignore", timeout: LIMIT_MS }).status === 0;
}
