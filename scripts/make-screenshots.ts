// npm run screenshots [-- NAMES...]: builds the page and takes the pictures of docs/pictures, or those named, with a
// Chromium whose made-up microphone says digits, and ffmpeg.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { sayDigits, startAnew, writeRecording } from "../test/web/page-actions.ts";
import { buildSite } from "./build-site.js";
import { launchChromium } from "./site/chromium.ts";
import { serveSite } from "./site/serve-site.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PICTURES = join(ROOT, "docs", "pictures");
const SPOKEN = [7, 3, 9, 1, 4];
const PATIENCE_MS = 100_000;

const DESKTOP = { viewport: { width: 1280, height: 720 } };
const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
const DARK = { colorScheme: "dark" } as const;

/** Brings the page into a state, from one without an answer. */
type State = (page: Page) => Promise<void>;
/** Pictures of one page, which takes seconds to load: names and states, in their order. */
type Series = { options: BrowserContextOptions; textPx?: number; states: Record<string, State> };

const SERIES: Series[] = [
  {
    options: DESKTOP,
    states: {
      "desktop-empty": async () => undefined,
      "desktop-message": showMessage,
      "desktop-answer": showNumber,
      "desktop-digit": showDigits,
      "desktop-no-digit": showNoDigit,
      "desktop-files": showFiles,
      "desktop-options": showOptions,
      "desktop-recording": record,
      "desktop-live": listen,
      "desktop-voice": learnVoice,
    },
  },
  {
    options: { ...DESKTOP, ...DARK },
    states: { "desktop-answer-dark": showNumber, "desktop-live-dark": listen },
  },
  { options: { ...DESKTOP, forcedColors: "active" }, states: { "desktop-forced-colours": showNumber } },
  { options: DESKTOP, textPx: 32, states: { "desktop-large-text": showNumber } },
  {
    options: PHONE,
    states: { "phone-empty": async () => undefined, "phone-answer": showNumber, "phone-live": listen },
  },
  { options: { ...PHONE, ...DARK }, states: { "phone-answer-dark": showNumber } },
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
for (const series of SERIES) await take(browser, { ...series, states: wanted(series.states) });
await browser.close();
await site.close();
rmSync(folder, { recursive: true });

function wanted(states: Series["states"]): Series["states"] {
  const names = process.argv.slice(2);
  return Object.fromEntries(
    Object.entries(states).filter(([name]) => names.length === 0 || names.includes(name)),
  );
}

async function take(chromium: Browser, { options, textPx = 16, states }: Series): Promise<void> {
  if (Object.keys(states).length === 0) return;
  const context = await chromium.newContext({
    ...options,
    permissions: ["microphone"],
    reducedMotion: "reduce",
    serviceWorkers: "block",
    locale: "en-GB",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: textPx } });
  await page.goto(site.url);
  await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
  for (const [name, state] of Object.entries(states)) {
    await startAnew(page);
    await state(page);
    await savePicture(page, name);
  }
  await context.close();
}

async function savePicture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  // A picture of the full page would forget the size of text.
  const size = page.viewportSize()!;
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  await page.setViewportSize({ ...size, height });
  await page.waitForTimeout(300);
  const raw = join(folder, "picture.png");
  const path = join(PICTURES, `${name}.png`);
  await page.screenshot({ path: raw, caret: "hide" });
  await page.setViewportSize(size);
  reduceColours(raw, path);
  console.log(`${name}.png  ${Math.round(readFileSync(path).length / 1000)} kB`);
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

async function learnVoice(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Teach it" }).click();
  const lesson = page.getByTestId("lesson");
  await lesson.getByText("two").waitFor();
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

async function showOptions(page: Page): Promise<void> {
  await page.getByLabel("Options", { exact: true }).click();
}

async function showMessage(page: Page): Promise<void> {
  await page.setInputFiles("[data-testid=file-input]", join(ROOT, "fixtures", "samples", "README.md"));
  await page.getByTestId("notice").waitFor();
}

async function record(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Record" }).click();
  await page.getByText("Speak now").waitFor();
  await page.getByText(/Speak now · 0:0[1-9]/).waitFor();
}

async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Keep listening" }).click();
  await page.locator(".number-digit").nth(9).waitFor();
}

function writeSpeech(name: string, samples: Float32Array): string {
  return writeRecording(join(folder, name), samples);
}
