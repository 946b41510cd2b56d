// Before npm test: gets the programs that some tests need where they are missing. A Chromium for the tests of the page:
// Debian's package when root on Debian, else Playwright's own. A Redis for those of batches: Debian's package. Never fails:
// without one of them, its tests are skipped and say so.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "./site/find-chromium.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LIMIT_MS = 300_000;

const isRootOnDebian = process.getuid?.() === 0 && existsSync("/etc/debian_version");

if (findChromium() === null) {
  console.error("Installing Chromium for the tests of the page ...");
  const isInstalled = isRootOnDebian ? installPackage("chromium") : installPlaywrights();
  if (!isInstalled) console.error("Chromium could not be installed: the tests of the page are skipped.");
}
const hasRedis = ["redis-server", "valkey-server"].some((name) => run(name, ["--version"], process.env));
if (!hasRedis) {
  console.error("Installing Redis for the tests of batches over a queue ...");
  const isInstalled = isRootOnDebian && installPackage("redis-server");
  if (!isInstalled) console.error("Redis could not be installed: the tests of the queue are skipped.");
}

/** @param {string} name */
function installPackage(name) {
  // The tests start servers of their own; the system is to start none.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const install = ["install", "-y", "-qq", "--no-install-recommends", name];
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
