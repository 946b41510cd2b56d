import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const ELSEWHERE = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/**
 * Finds a Chromium: the one that CHROMIUM_PATH names, one on the PATH, or one that Playwright has installed.
 *
 * @returns {string | null} The path of its program, or null where there is none.
 */
export function findChromium() {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = [process.env.CHROMIUM_PATH ?? "", ...onPath, ...ELSEWHERE, chromium.executablePath()];
  return candidates.find((path) => path !== "" && existsSync(path)) ?? null;
}
