import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrowserFixture } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import { chooseFile, fixture, sayDigits, shownDigit, waitForAnswers } from "./page-actions.ts";
import { watchCalm } from "./page-probes.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };

describe.skipIf(!hasChromium)("the page for people", () => {
  let browser: BrowserFixture;

  beforeAll(async () => {
    browser = await startBrowser(await sayDigits([7, 3], 600));
  });
  afterAll(() => browser?.close());

  it.each([
    ["light", {}],
    ["dark", { colorScheme: "dark" as const }],
    ["on a phone", PHONE],
  ])("has no fault that axe knows of, in every state, %s", async (_, options) => {
    // Colours are measured: not halfway through a change.
    const still = { reducedMotion: "reduce" as const, permissions: ["microphone"], bypassCSP: true };
    const { page, close } = await browser.open({ ...options, ...still });
    await page.addScriptTag({ path: AXE });
    expect(await violations(page), "empty").toEqual([]);
    await page.getByRole("button", { name: "Sample 8: eight" }).click();
    await waitForAnswers(page, 1);
    await page.getByRole("switch", { name: "Reduce noise" }).check();
    expect(await violations(page), "with an answer").toEqual([]);
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    expect(await violations(page), "recording").toEqual([]);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Keep listening" }).click();
    await page.locator(".live-word").first().waitFor();
    expect(await violations(page), "listening").toEqual([]);
    await page.getByRole("button", { name: "Stop listening" }).click();
    await chooseFile(page, fixture("samples/README.md"));
    await page.getByTestId("notice").waitFor();
    expect(await violations(page), "with a message").toEqual([]);
    await close();
  });

  it("is used by the keyboard alone, and says its answers", async () => {
    const { page, close } = await browser.open();
    await tabTo(page, "Sample 6: six");
    await page.keyboard.press("Enter");
    await waitForAnswers(page, 1);
    await expect
      .poll(() => page.getByTestId("announcement").innerText())
      .toMatch(/^Six\. \d+(\.\d)? % sure$/);
    await tabTo(page, "Trim silence");
    await page.keyboard.press("Space");
    const from = page.getByLabel("From");
    await expect.poll(() => from.inputValue()).not.toBe("0.00");
    await tabTo(page, "From");
    const before = Number(await from.inputValue());
    await page.keyboard.press("ArrowUp");
    expect(Number(await from.inputValue())).toBeCloseTo(before + 0.01, 5);
    await tabTo(page, "Remove Sample “six”");
    await page.keyboard.press("Enter");
    expect(await page.locator(".entry").count()).toBe(0);
    await close();
  });

  it("fits a phone of 320 px: nothing is cut off, and buttons are large enough to touch", async () => {
    const { page, close } = await browser.open(PHONE);
    await page.getByRole("button", { name: "Sample 9: nine" }).tap();
    await waitForAnswers(page, 1);
    const { width, small } = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      small: [...document.querySelectorAll("button, input:not([hidden])")]
        .filter((element) => {
          const { width: w, height: h } = element.getBoundingClientRect();
          return w < 24 || h < 22;
        })
        .map((element) => element.outerHTML),
    }));
    expect(width).toBe(320);
    expect(small).toEqual([]);
    await close();
  });

  it("moves nothing when answers come", async () => {
    const { page, close } = await browser.open({}, watchCalm);
    await page.evaluate(() => {
      window.layoutShift = 0;
    });
    for (const [i, word] of ["zero", "one"].entries()) {
      await page.getByRole("button", { name: `: ${word}` }).click();
      await waitForAnswers(page, i + 1);
    }
    await chooseFile(page, fixture("samples/README.md"));
    await page.getByTestId("notice").waitFor();
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => window.layoutShift)).toBeLessThan(0.01);
    await close();
  });

  it("opens and answers without a network after the first visit", async () => {
    const { page, close } = await browser.open();
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.ready;
      return registration.active?.state === "activated" && navigator.serviceWorker.controller !== null;
    });
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("Ready", { exact: true }).waitFor();
    await chooseFile(page, fixture("audio/mono-44100.m4a"));
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("8");
    await page.getByRole("button", { name: "Sample 3: three" }).click();
    await waitForAnswers(page, 2);
    expect(await shownDigit(page)).toBe("3");
    await close();
  });
});

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations: found } = await axe.run({ runOnly: tags });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  }, WCAG);
}

/** Presses Tab until the element of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label =
        element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
      return element?.getAttribute("aria-label") ?? label ?? "";
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`Tab does not reach "${name}"`);
}
