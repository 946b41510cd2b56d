// What the tests of the page do again and again.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { encodeWav } from "../../src/audio/encode-wav.ts";

/** One line of the history, as it is exported. */
export type ExportedAnswer = {
  name: string;
  source: string;
  digits: string;
  label: string | null;
  reason: string | null;
  ms: number;
  probs: number[] | null;
  noneProb: number | null;
  places: { digit: number | null; label?: number | "none"; startMs: number; endMs: number }[];
};

/** Path of a file in fixtures/. @param name For example `audio/mu-law.wav`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** Chooses files in the page. @param page The page. @param paths The files. */
export async function chooseFiles(page: Page, ...paths: string[]): Promise<void> {
  await page.setInputFiles("[data-testid=file-input]", paths);
}

/**
 * Drags a file or a folder over the page.
 *
 * @param page The page.
 * @param path Of the file or folder.
 * @returns Lets it drop.
 */
export async function dragOver(page: Page, path: string): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", {
      type,
      x: 300,
      y: 300,
      data: { items: [], files: [path], dragOperationsMask: 1 },
    });
  await send("dragEnter");
  await send("dragOver");
  return async () => {
    await send("drop");
    await session.detach();
  };
}

/** Takes away what an earlier test has left: messages, files, answers. @param page The page. */
export async function startAnew(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  for (const name of ["Close the table", "Remove all"]) {
    const button = page.getByRole("button", { name });
    if ((await button.count()) > 0 && (await button.isEnabled())) await button.click();
  }
  // A click scrolls to what it hits.
  await page.evaluate(`document.documentElement.scrollTo({ top: 0, behavior: "instant" })`);
}

/** Waits until so many answers are in the history. @param page The page. @param count How many. */
export async function waitForAnswers(page: Page, count: number): Promise<void> {
  await page
    .locator(".entry")
    .nth(count - 1)
    .waitFor();
}

/** The digit shown large. @param page The page. */
export function shownDigit(page: Page): Promise<string> {
  return page.getByTestId("digit").innerText();
}

/** The number shown, without spaces. @param page The page. */
export async function shownNumber(page: Page): Promise<string> {
  return (await page.getByTestId("number").innerText()).replaceAll(/\s/g, "");
}

/** What a screen reader was told last. @param page The page. */
export async function lastAnnouncement(page: Page): Promise<string> {
  return (await page.getByTestId("announcement").locator("p").allInnerTexts()).at(-1) ?? "";
}

/** The session's answers by way of its export, the oldest first. @param page The page. */
export async function exportedAnswers(page: Page): Promise<ExportedAnswer[]> {
  return JSON.parse(await savedText(page, "Save as JSON")) as ExportedAnswer[];
}

/** The text of the file that a button saves. @param page The page. @param button Its name. */
export async function savedText(page: Page, button: string): Promise<string> {
  return (await savedFile(page, button)).toString("utf8");
}

/** The file that a button saves. @param page The page. @param button Its name. */
export async function savedFile(page: Page, button: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button, exact: true }).click();
  return readFileSync(await (await download).path());
}

/**
 * Sample clips with silence around them, as somebody says digits one after another.
 *
 * @param digits Which.
 * @param silenceMs Before each and after the last.
 * @returns Samples at 8 kHz.
 */
export async function sayDigits(digits: readonly number[], silenceMs: number): Promise<Float32Array> {
  const silence = new Array<number>(silenceMs * 8).fill(0);
  const parts: number[] = [];
  for (const digit of digits) {
    const { samples } = await decodeAudio(readFileSync(fixture(`samples/${digit}.wav`)));
    parts.push(...silence, ...samples);
  }
  return Float32Array.from([...parts, ...silence]);
}

/**
 * Writes a recording.
 *
 * @param path Where to.
 * @param samples At 8 kHz.
 * @returns The path.
 */
export function writeRecording(path: string, samples: Float32Array): string {
  writeFileSync(path, encodeWav(samples, { sampleRate: 8000 }));
  return path;
}
