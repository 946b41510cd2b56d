// npm run screenshots: builds the page and takes the pictures of docs/pictures, with a Chromium whose made-up
// microphone says digits, and ffmpeg.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { decodeAudio } from "../src/audio/decode-audio.ts";
import { encodeWav } from "../src/audio/encode-wav.ts";
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
  { name: "desktop-answer", options: DESKTOP, state: showAnswers },
  { name: "desktop-answer-dark", options: { ...DESKTOP, ...DARK }, state: showAnswers },
  { name: "desktop-recording", options: DESKTOP, state: record },
  { name: "desktop-live", options: DESKTOP, state: listen },
  { name: "desktop-live-dark", options: { ...DESKTOP, ...DARK }, state: listen },
  { name: "desktop-no-digit", options: DESKTOP, state: showNoDigit },
  { name: "desktop-message", options: DESKTOP, state: showMessage },
  { name: "phone-answer", options: PHONE, state: showAnswers },
  { name: "phone-answer-dark", options: { ...PHONE, ...DARK }, state: showAnswers },
  { name: "phone-live", options: PHONE, state: listen },
];

await buildSite({ ifNeeded: true, quiet: true });
mkdirSync(PICTURES, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "spoken-digits-pictures-"));
const site = await serveSite({ port: 7890 });
const browser = await launchChromium([
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${await writeSpeech(join(folder, "speech.wav"))}`,
]);
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
  await page.getByText("Ready", { exact: true }).waitFor();
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

async function showAnswers(page: Page): Promise<void> {
  for (const [i, digit] of [4, 0, 7].entries()) {
    await page.getByRole("button", { name: `Sample ${digit}` }).click();
    await page.locator(".entry").nth(i).waitFor();
  }
  await page.getByRole("button", { name: "Trim silence" }).click();
}

async function showNoDigit(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sample 5" }).click();
  await page.locator(".entry").first().waitFor();
  await page.getByLabel("to", { exact: true }).fill("0.12");
  await page.getByLabel("to", { exact: true }).press("Enter");
  await page.getByTestId("verdict").getByText("No digit heard").waitFor();
}

async function showMessage(page: Page): Promise<void> {
  await page.setInputFiles("input[type=file]", join(ROOT, "fixtures", "samples", "README.md"));
  await page.getByTestId("notice").waitFor();
}

async function record(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Record" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.waitForTimeout(800);
}

async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Keep listening" }).click();
  await page.locator(".live-word").nth(6).waitFor();
}

/** The sample clips, said one after another. */
async function writeSpeech(path: string): Promise<string> {
  const silence = new Array<number>(5000).fill(0);
  const parts: number[] = [...silence];
  for (const digit of SPOKEN) {
    const file = readFileSync(join(ROOT, "fixtures", "samples", `${digit}.wav`));
    parts.push(...(await decodeAudio(file)).samples, ...silence);
  }
  writeFileSync(path, encodeWav(Float32Array.from(parts), { sampleRate: 8000 }));
  return path;
}
