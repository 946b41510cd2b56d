import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import { findChromium } from "./find-chromium.js";

// No window, no account, no calls home.
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Starts a Chromium without a window.
 *
 * @param args Further arguments, for example for a made-up microphone.
 * @throws {Error} There is none.
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium was found: install one, or name it in CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...args] });
}
