// What the tests of the page do again and again.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { decodeAudio } from "../../src/audio/decode-audio.ts";

/** One line of the history, as it is exported. */
export type ExportedAnswer = {
  name: string;
  source: string;
  digit: number | null;
  reason: string | null;
  ms: number;
  probs: number[];
  noneProb: number;
};

/** Path of a file in fixtures/. @param name For example `audio/mu-law.wav`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** Chooses a file in the page. @param page The page. @param path The file. */
export async function chooseFile(page: Page, path: string): Promise<void> {
  await page.setInputFiles("input[type=file]", path);
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

/** The session's answers by way of its export, the oldest first. @param page The page. */
export async function exportedAnswers(page: Page): Promise<ExportedAnswer[]> {
  return JSON.parse(await savedText(page, "Save as JSON")) as ExportedAnswer[];
}

/** The text of the file that a button saves. @param page The page. @param button Its name. */
export async function savedText(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  return readFileSync(await (await download).path(), "utf8");
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
