// The built page in a real Chromium, for tests.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { buildSite } from "../../scripts/build-site.js";
import { launchChromium } from "../../scripts/site/chromium.ts";
import { findChromium } from "../../scripts/site/find-chromium.js";
import { serveSite } from "../../scripts/site/serve-site.js";
import { encodeWav } from "../../src/audio/encode-wav.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SITE = process.env.SPOKEN_DIGITS_SITE ?? join(ROOT, "dist", "site");
const LOCK = join(ROOT, "dist", ".site-lock");
const PORT = 7880;
// Both cores may be busy with other tests.
const PATIENCE_MS = 100_000;

/** Whether there is a Chromium; says so where there is none, since the tests that need one are skipped. */
export const hasChromium = findChromium() !== null;
if (!hasChromium) {
  process.stderr.write("No Chromium was found: tests of the page are skipped. Name one in CHROMIUM_PATH.\n");
}

/** The page, served, and a browser to open it in. */
export type BrowserFixture = {
  url: string;
  /** A folder for files of the tests. It is removed at the end. */
  folder: string;
  /**
   * Opens the page in a context of its own and waits for its models. That takes seconds: tests of one file share a page.
   *
   * @param options Of the context: size, permissions; service workers, which load everything again, are blocked by default.
   * @param probes Run in the page before its own code.
   */
  open(options?: BrowserContextOptions, ...probes: (() => void)[]): Promise<OpenPage>;
  close(): Promise<void>;
};

/** A page, and what went wrong in it: console errors, uncaught exceptions, requests to elsewhere. */
export type OpenPage = { page: Page; faults: string[]; close(): Promise<void> };

/**
 * Builds the page if needed, serves it and starts Chromium.
 *
 * @param microphone What its made-up microphone hears, again and again: mono samples at 8 kHz.
 */
export async function startBrowser(microphone?: Float32Array): Promise<BrowserFixture> {
  await buildOnce();
  const folder = mkdtempSync(join(tmpdir(), "spoken-digits-web-"));
  const site = await serveSite({ port: PORT, folder: SITE });
  const browser = await launchChromium(microphone ? fakeMicrophone(folder, microphone) : []);
  return {
    url: site.url,
    folder,
    open: (options = {}, ...probes) => openPage(browser, site.url, { options, probes }),
    close: async () => {
      await browser.close();
      await site.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Builds the page if needed. Test files run side by side: one of them builds, the others wait for it.
 *
 * @returns The folder of the built page.
 */
export async function buildOnce(): Promise<string> {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  for (let tries = 0; !tryLock(); tries++) {
    if (tries > 1800) rmSync(LOCK, { recursive: true, force: true }); // left by a run that was killed
    await wait(100);
  }
  try {
    await buildSite({ folder: SITE, ifNeeded: true, quiet: true });
    return SITE;
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function tryLock(): boolean {
  if (existsSync(LOCK)) return false;
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

function fakeMicrophone(folder: string, samples: Float32Array): string[] {
  const path = join(folder, "microphone.wav");
  writeFileSync(path, encodeWav(samples, { sampleRate: 8000 }));
  return ["--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${path}`];
}

async function openPage(
  browser: Browser,
  url: string,
  { options, probes }: { options: BrowserContextOptions; probes: readonly (() => void)[] },
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    serviceWorkers: "block",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  for (const probe of probes) await context.addInitScript(probe);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith(`blob:${url}`)) {
      faults.push(`request to ${request.url()}`);
    }
  });
  await page.goto(url);
  await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
  return { page, faults, close: () => context.close() };
}
