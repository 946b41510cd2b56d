// npm run screenshots: builds the page and takes the pictures of docs/pictures, with a Chromium whose made-up
// microphone says digits, and ffmpeg.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { sayDigits, writeRecording } from "../test/web/page-actions.ts";
import { buildSite } from "./build-site.js";
import { launchChromium } from "./site/chromium.ts";
import { serveSite } from "./site/serve-site.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PICTURES = join(ROOT, "docs", "pictures");
const SPOKEN = [7, 3, 9, 1, 4];

const DESKTOP = { viewport: { width: 1180, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DARK = { colorScheme: "dark" } as const;

type State = (page: Page) => Promise<void>;
type Picture = { name: string; options: BrowserContextOptions; state: State };

const PICTURE_LIST: Picture[] = [
  { name: "desktop-empty", options: DESKTOP, state: async () => undefined },
  { name: "desktop-answer", options: DESKTOP, state: showNumber },
  { name: "desktop-answer-dark", options: { ...DESKTOP, ...DARK }, state: showNumber },
  { name: "desktop-digit", options: DESKTOP, state: showDigits },
  { name: "desktop-files", options: DESKTOP, state: showFiles },
  { name: "desktop-recording", options: DESKTOP, state: record },
  { name: "desktop-live", options: DESKTOP, state: listen },
  { name: "desktop-live-dark", options: { ...DESKTOP, ...DARK }, state: listen },
  { name: "desktop-no-digit", options: DESKTOP, state: showNoDigit },
  { name: "desktop-message", options: DESKTOP, state: showMessage },
  { name: "desktop-forced-colours", options: { ...DESKTOP, forcedColors: "active" }, state: showNumber },
  { name: "phone-answer", options: PHONE, state: showNumber },
  { name: "phone-answer-dark", options: { ...PHONE, ...DARK }, state: showNumber },
  { name: "phone-live", options: PHONE, state: listen },
];

await buildSite({ ifNeeded: true, quiet: true });
mkdirSync(PICTURES, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "spoken-digits-pictures-"));
const site = await serveSite({ port: 7890 });
const browser = await launchChromium([
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${writeSpeech("microphone.wav", await sayDigits(SPOKEN, 600))}`,
]);
writeSpeech("number.wav", await sayDigits([1, 6, 6, 0], 250));
for (const picture of PICTURE_LIST) await take(browser, picture);
await browser.close();
await site.close();
rmSync(folder, { recursive: true });

async function take(chromium: Browser, { name, options, state }: Picture): Promise<void> {
  const context = await chromium.newContext({
    ...options,
    permissions: ["microphone"],
    reducedMotion: "reduce",
    locale: "en-GB",
  });
  const page = await context.newPage();
  await page.goto(site.url);
  await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
  await state(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(300);
  const raw = join(folder, "picture.png");
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path: raw, fullPage: true, caret: "hide" });
  reduceColours(raw, path);
  console.log(`${name}.png  ${Math.round(readFileSync(path).length / 1000)} kB`);
  await context.close();
}

/** 256 colours are enough for these pictures, and a third of the bytes. */
function reduceColours(source: string, target: string): void {
  const filter = "split[a][b];[a]palettegen=max_colors=256:stats_mode=full[p];[b][p]paletteuse=dither=none";
  execFileSync("ffmpeg", ["-y", "-loglevel", "error", "-i", source, "-vf", filter, target]);
}

async function showNumber(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sample 4" }).click();
  await page.locator(".entry").first().waitFor();
  await page.setInputFiles("[data-testid=file-input]", join(folder, "number.wav"));
  await page.locator(".entry").nth(1).waitFor();
  await page.getByRole("button", { name: "6, digit 2 of 4" }).click();
  await page.waitForTimeout(1500); // until it has been played
}

async function showDigits(page: Page): Promise<void> {
  for (const [i, digit] of [4, 0, 7].entries()) {
    await page.getByRole("button", { name: `Sample ${digit}` }).click();
    await page.locator(".entry").nth(i).waitFor();
  }
  await page.getByRole("button", { name: "Trim silence" }).click();
}

async function showFiles(page: Page): Promise<void> {
  const copies = [..."0123456789"].map((digit) => {
    const path = join(folder, `${digit === "6" ? 5 : digit}_jane_${digit}.wav`);
    copyFileSync(join(ROOT, "fixtures", "samples", `${digit}.wav`), path);
    return path;
  });
  await page.setInputFiles("[data-testid=file-input]", copies);
  await page.getByText("10 of 10 heard").waitFor();
}

async function showNoDigit(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sample 5" }).click();
  await page.locator(".entry").first().waitFor();
  await page.getByLabel("to", { exact: true }).fill("0.12");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await page.getByTestId("verdict").getByText("No digit heard").waitFor();
}

async function showMessage(page: Page): Promise<void> {
  await page.setInputFiles("[data-testid=file-input]", join(ROOT, "fixtures", "samples", "README.md"));
  await page.getByTestId("notice").waitFor();
}

async function record(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Record" }).click();
  await page.getByText("Speak now").waitFor();
  await page.waitForTimeout(800);
}

async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Keep listening" }).click();
  await page.locator(".number-digit").nth(11).waitFor();
}

function writeSpeech(name: string, samples: Float32Array): string {
  return writeRecording(join(folder, name), samples);
}
