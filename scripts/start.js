// npm start: serves the page and opens it. npm start -- FILE...: says which digit is spoken in each file.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PORT = 7860;
const args = process.argv.slice(2);

if (args.length > 0) await predict();
else await showPage();

async function predict() {
  const cli = join(ROOT, "dist", "cli.js");
  // npm changes into the package's folder; the caller's paths start where the caller is.
  process.chdir(process.env.INIT_CWD ?? ROOT);
  process.argv = [process.execPath, cli, "predict", ...args];
  await import(pathToFileURL(cli).href);
}

async function showPage() {
  const { buildSite } = await import("./build-site.js");
  const { serveSite } = await import("./site/serve-site.js");
  await buildSite({ ifNeeded: true, quiet: true });
  const { url } = await serveSite({ port: PORT });
  console.log(`Spoken Digits is at ${url}  (Ctrl+C ends it)`);
  openBrowser(url);
}

/**
 * Opens the page where there is a desktop to open it on; the address has been printed for all others.
 *
 * @param {string} url
 */
function openBrowser(url) {
  const { DISPLAY, WAYLAND_DISPLAY, CI } = process.env;
  const hasDesktop =
    process.platform === "win32" || process.platform === "darwin" || DISPLAY || WAYLAND_DISPLAY;
  if (!hasDesktop || CI) return;
  const [command, ...rest] = openCommand(url);
  const child = spawn(command, rest, { stdio: "ignore", detached: true });
  child.on("error", () => console.log("Open that address in a browser."));
  child.unref();
}

/**
 * @param {string} url
 * @returns {[string, ...string[]]}
 */
function openCommand(url) {
  if (process.platform === "win32") return ["cmd", "/c", "start", "", url];
  return process.platform === "darwin" ? ["open", url] : ["xdg-open", url];
}
