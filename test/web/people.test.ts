import { copyFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BrowserFixture, OpenPage } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import {
  chooseFiles,
  fixture,
  lastAnnouncement,
  sayDigits,
  shownDigit,
  startAnew,
  waitForAnswers,
  writeRecording,
} from "./page-actions.ts";
import { firmDigits, hearLive, listenToTest, say, watchCalm } from "./page-probes.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PATIENT = { timeout: 60_000 };
const DESK = { width: 1200, height: 900 };
const PHONE = { width: 320, height: 640 };
const LOOKS = [
  { name: "light", size: DESK, colorScheme: "light" },
  { name: "dark", size: DESK, colorScheme: "dark" },
  { name: "on a phone", size: PHONE, colorScheme: "light" },
] as const;

describe.skipIf(!hasChromium)("the page for people", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    browser = await startBrowser();
    writeRecording(join(browser.folder, "166.wav"), await sayDigits([1, 6, 6], 300));
    open = await browser.open({}, listenToTest, watchCalm);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    const { page } = open;
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: "no-preference" });
    await startAnew(page);
  });

  it.each([
    { width: 1280, height: 720 },
    { width: 1366, height: 768 },
    { width: 375, height: 740 },
  ])("moves nothing when answers come, at $width x $height", async (viewport) => {
    const { page } = open;
    await page.setViewportSize(viewport);
    await showNothing(page);
    await page.evaluate(async () => {
      // Those of the new size belong to the next frame.
      for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
      window.takeShifts();
    });
    const top = () => page.evaluate(() => document.querySelector(".record")!.getBoundingClientRect().top);
    const before = await top();
    await chooseFiles(page, fixture("samples/0.wav"));
    await waitForAnswers(page, 1);
    await chooseFiles(page, join(browser.folder, "166.wav"));
    await waitForAnswers(page, 2);
    expect(await top()).toBe(before);
    await page.getByRole("button", { name: "Keep listening" }).click();
    await page.locator(".hint.warning").waitFor(); // nothing is said
    await say(page, [7]);
    await firmDigits(page).first().waitFor();
    await expect.poll(() => isInView(page, ".number-digit"), PATIENT).toBe(true);
    await page.getByRole("button", { name: "Stop listening" }).click();
    await waitForAnswers(page, 3);
    await expect.poll(() => isInView(page, ".verdict"), PATIENT).toBe(true);
    await chooseFiles(page, fixture("samples/README.md"));
    await page.getByTestId("notice").waitFor();
    expect(await top()).toBe(before);
    expect(await page.evaluate(() => window.takeShifts())).toEqual([]);
  });

  it("has no fault that axe knows of, in every state: light, dark, on a phone", async () => {
    const { page } = open;
    await page.evaluate(readFileSync(AXE, "utf8"));
    await showNothing(page);
    await expectNoViolation("empty");
    await page.getByRole("button", { name: "Sample 8: eight" }).click();
    await waitForAnswers(page, 1);
    await page.getByRole("switch", { name: "Reduce noise" }).check();
    await page.getByLabel("Options", { exact: true }).click();
    await expectNoViolation("with an answer and options");
    await page.keyboard.press("Escape");
    await page.getByRole("switch", { name: "Reduce noise" }).uncheck();
    await chooseFiles(page, join(browser.folder, "166.wav"));
    await waitForAnswers(page, 2);
    await page.keyboard.press("5");
    await expectNoViolation("with a number");
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
    await expectNoViolation("recording");
    await page.keyboard.press("Escape");
    await hearLive(page, [7, 3]);
    await expectNoViolation("listening");
    await page.getByRole("button", { name: "Stop listening" }).click();
    await chooseFiles(page, fixture("samples/1.wav"), fixture("samples/2.wav"));
    await page.getByText("2 of 2 heard").waitFor();
    await chooseFiles(page, fixture("samples/README.md"));
    await page.getByTestId("notice").waitFor();
    await expectNoViolation("with files and a message");
  });

  it("is used by the keyboard alone, and says its answers", async () => {
    const { page } = open;
    await tabTo(page, "Sample 6: six");
    await page.keyboard.press("Enter");
    await waitForAnswers(page, 1);
    await expect.poll(() => lastAnnouncement(page), PATIENT).toMatch(/^Six\. \d+(\.\d)? % sure$/);
    await tabTo(page, "Trim silence");
    await page.keyboard.press("Enter");
    const from = page.getByLabel("From");
    await expect.poll(() => from.inputValue(), PATIENT).not.toBe("0.00");
    await tabTo(page, "From");
    const before = Number(await from.inputValue());
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => from.inputValue(), PATIENT).toBe((before + 0.01).toFixed(2));
    await tabTo(page, "Remove Sample “six”");
    await page.keyboard.press("Enter");
    expect(await page.locator(".entry").count()).toBe(0);
  });

  it("has a screen reader say each digit heard live, also one that is said twice", async () => {
    const { page } = open;
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const node of addedNodes) said.push(node.textContent ?? "");
      }).observe(document.querySelector("[data-testid=announcement]")!, { childList: true });
    });
    await hearLive(page, [7, 3, 3]);
    await page.getByRole("button", { name: "Stop listening" }).click();
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said[0]).toBe("Listening.");
    expect(said.slice(1).join(" ")).toContain("three three");
  });

  it("can be read at twice the size of text: it grows, and nothing is cut off", async () => {
    const { page } = open;
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.getByRole("button", { name: "Sample 9: nine" }).click();
    await waitForAnswers(page, 1);
    await setTextSize(page, 32);
    const sizes = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      hint: Number.parseFloat(getComputedStyle(document.querySelector(".hint")!).fontSize),
      cut: [...document.querySelectorAll("button, h1, h2, p")]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
        .map(({ outerHTML }) => outerHTML),
    }));
    await setTextSize(page, 16);
    expect(sizes.width).toBeLessThanOrEqual(1280);
    expect(sizes.hint).toBe(28);
    expect(sizes.cut).toEqual([]);
  });

  it("moves nothing by itself where its reader has asked for that", async () => {
    const { page } = open;
    const moving = () =>
      page.evaluate(() => {
        const movesIn = (style: CSSStyleDeclaration) =>
          [style.transitionDuration, style.animationDuration].some((time) => /[1-9]/.test(time));
        const all = [...document.querySelectorAll("*")];
        return {
          elements: all.filter((element) =>
            ["", "::before", "::after"].some((part) => movesIn(getComputedStyle(element, part))),
          ).length,
          scrolling: getComputedStyle(document.documentElement).scrollBehavior,
        };
      });
    await page.getByRole("button", { name: "Sample 9: nine" }).click();
    await waitForAnswers(page, 1);
    const usual = await moving();
    expect(usual.elements).toBeGreaterThan(0);
    expect(usual.scrolling).toBe("smooth");
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving()).toEqual({ elements: 0, scrolling: "auto" });
  });

  it("shows what is pressed, on, and likely where the system chooses the colours", async () => {
    const { page } = open;
    await page.emulateMedia({ forcedColors: "active" });
    await page.getByRole("button", { name: "Sample 9: nine" }).click();
    await waitForAnswers(page, 1);
    const shown = await page.evaluate(() => {
      const style = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return {
        record: style(".record").borderTopStyle,
        off: style(".switch input:not(:checked)").backgroundColor,
        on: style(".switch input:checked").backgroundColor,
        bar: style(".bar.top .bar-fill").backgroundColor,
        ground: style("body").backgroundColor,
      };
    });
    expect(shown.record).toBe("solid");
    expect(shown.on).not.toBe(shown.off);
    expect(shown.bar).not.toBe(shown.ground);
  });

  it("fits a phone of 320 px, opens and answers without a network after the first visit", async () => {
    const phone = { viewport: PHONE, hasTouch: true, isMobile: true, serviceWorkers: "allow" as const };
    const { page, close } = await browser.open(phone);
    await page.waitForFunction(async () => {
      const registration = await navigator.serviceWorker.ready;
      return registration.active?.state === "activated" && navigator.serviceWorker.controller !== null;
    });
    await page.context().setOffline(true);
    await page.reload();
    await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
    const long = join(browser.folder, `${"a-long-name-".repeat(9)}.m4a`);
    copyFileSync(fixture("audio/mono-44100.m4a"), long);
    await chooseFiles(page, long);
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("8");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    await page.getByRole("button", { name: "Sample 3: three" }).tap();
    await waitForAnswers(page, 2);
    expect(await shownDigit(page)).toBe("3");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    expect(await tooSmallToTouch(page)).toEqual([]);
    await close();
  });

  async function expectNoViolation(state: string): Promise<void> {
    for (const { name, size, colorScheme } of LOOKS) {
      await open.page.setViewportSize(size);
      // Colours are measured: not halfway through a change.
      await open.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await violations(open.page), `${state}, ${name}`).toEqual([]);
    }
    await open.page.setViewportSize(DESK);
  }
});

/** What the reader sees at first: a refused file takes the answer away. */
async function showNothing(page: Page): Promise<void> {
  await chooseFiles(page, fixture("samples/README.md"));
  await page.getByTestId("notice").waitFor();
  await startAnew(page);
}

/** As the reader sets it in the browser. @param page The page. @param px Of usual text. */
async function setTextSize(page: Page, px: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: px } });
  await session.detach();
}

function tooSmallToTouch(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("button, input:not([hidden])")]
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width < 24 || height < 22;
      })
      .map(({ outerHTML }) => outerHTML),
  );
}

/** Whether all of an element can be seen without scrolling. */
function isInView(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((name) => {
    const { top, bottom } = document.querySelector(name)!.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }, selector);
}

async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const { violations: found } = await axe.run({ runOnly: tags });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  }, WCAG);
}

/** Presses Tab until the element of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
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
