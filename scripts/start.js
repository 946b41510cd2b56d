// npm start: serves the page and the API, and opens the page. npm start -- FILE...: says which digit is spoken in each
// file.

import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runOrExit } from "./run-or-exit.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const CLI = join(ROOT, "dist", "cli.js");
const FIRST_PORT = 7860;
const LAST_PORT = 7960;
const files = process.argv.slice(2);

if (files.length > 0) await predict();
else await serve();

async function predict() {
  // npm changes into the package's folder; the caller's paths start where the caller is.
  process.chdir(process.env.INIT_CWD ?? ROOT);
  await run(["predict", ...files]);
}

async function serve() {
  // In a process of its own: a server has no use for what builds the page.
  const build = [join(ROOT, "scripts", "build-site.js"), "--if-needed"];
  runOrExit(process.execPath, build, { cwd: ROOT, failure: "The page could not be built, see above." });
  const { SPOKEN_DIGITS_PORT, SPOKEN_DIGITS_LOG_LEVEL } = process.env;
  const port = SPOKEN_DIGITS_PORT ?? String(await freePort());
  await run(["serve", "--open", "--port", port, "--log-level", SPOKEN_DIGITS_LOG_LEVEL ?? "warn"]);
}

/** @param {string[]} args */
async function run(args) {
  process.argv = [process.execPath, CLI, ...args];
  await import(pathToFileURL(CLI).href);
}

/** The first port that no other program holds. */
async function freePort() {
  for (let port = FIRST_PORT; port < LAST_PORT; port++) if (await isFree(port)) return port;
  return LAST_PORT;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
