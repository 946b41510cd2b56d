import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BrowserFixture } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import { exportedAnswers, sayDigits, shownDigit, waitForAnswers } from "./page-actions.ts";
import { heapBytes, watchMicrophone } from "./page-probes.ts";

const DIGITS = [7, 3, 3, 1, 9];
const ALLOWED = { permissions: ["microphone"] };

describe.skipIf(!hasChromium)("the page with a microphone", () => {
  let browser: BrowserFixture;

  beforeAll(async () => {
    browser = await startBrowser(await sayDigits(DIGITS, 400));
  });
  afterAll(() => browser?.close());

  it("records from one press of the space bar to the next, answers, and lets the microphone go", async () => {
    const { page, faults, close } = await browser.open(ALLOWED, watchMicrophone);
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await page.waitForTimeout(3500);
    await page.keyboard.press("Space");
    await waitForAnswers(page, 1);
    expect(DIGITS.map(String)).toContain(await shownDigit(page));
    expect((await exportedAnswers(page))[0]).toMatchObject({ source: "microphone" });
    expect(await page.evaluate(() => window.openResources())).toEqual({ tracks: 0, contexts: 0 });
    expect(faults).toEqual([]);
    await close();
  });

  it("shows digits as they are said, keeps its memory, and lets the microphone go", async () => {
    const { page, faults, close } = await browser.open(ALLOWED, watchMicrophone);
    await page.getByRole("button", { name: "Keep listening" }).click();
    const digits = page.locator(".live-word");
    await digits.nth(2).waitFor();
    const heapBefore = await heapBytes(page);
    await digits.nth(11).waitFor({ timeout: 60_000 });
    expect((await heapBytes(page)) - heapBefore).toBeLessThan(3_000_000);
    await page.getByRole("button", { name: "Stop listening" }).click();
    await page.getByRole("button", { name: "Keep listening" }).waitFor();
    expect(await page.evaluate(() => window.openResources())).toEqual({ tracks: 0, contexts: 0 });

    // The recording goes round and round, and may have begun and ended anywhere, also within a digit.
    const heard = (await exportedAnswers(page)).map(({ digit }) => String(digit));
    expect(heard.length).toBeGreaterThanOrEqual(12);
    // All of them, in the order they are said.
    const said = DIGITS.join("").repeat(40);
    let place = -1;
    for (const digit of heard.slice(1, -1)) {
      const next = said.indexOf(digit, place + 1);
      if (place >= 0) expect(next - place).toBe(1);
      place = next;
    }
    expect(faults).toEqual([]);
    await close();
  });

  it("keeps the digits in a row in view until another sound takes their place", async () => {
    const { page, close } = await browser.open(ALLOWED);
    await page.getByRole("button", { name: "Keep listening" }).click();
    await page.locator(".live-word").nth(3).waitFor();
    await page.getByRole("button", { name: "Stop listening" }).click();
    // The last digit may come after the microphone is closed; then this is said.
    const announcement = page.getByTestId("announcement");
    await announcement.getByText("Stopped listening").waitFor({ state: "attached" });
    const heard = (await exportedAnswers(page)).map(({ digit }) => digit).join("");
    const row = page.getByTestId("live-string");
    expect(await row.innerText()).toBe(heard);
    expect(await announcement.innerText()).toBe(`Stopped listening. Heard: ${heard}.`);
    await page.getByRole("button", { name: "Play Live" }).first().click();
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, heard.length + 1);
    expect(await row.count()).toBe(0);
    await close();
  });

  it("says what to do when the microphone is refused, and still takes files", async () => {
    const { page, close } = await browser.open();
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByTestId("notice").getByText("The microphone is blocked").waitFor();
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("2");
    await close();
  });

  it.each([
    ["NotFoundError", "No microphone found"],
    ["NotReadableError", "Another program is using the microphone"],
  ])("has its own words for %s", async (name, title) => {
    const { page, close } = await browser.open(ALLOWED);
    await page.evaluate((errorName) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", errorName));
    }, name);
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByTestId("notice").getByText(title).waitFor();
    await close();
  });

  it("ends a recording with what was heard when the microphone is unplugged", async () => {
    const { page, close } = await browser.open(ALLOWED, watchMicrophone);
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await page.waitForTimeout(1000);
    await page.evaluate(() => window.unplug());
    await page.getByTestId("notice").getByText("No microphone found").waitFor();
    await waitForAnswers(page, 1);
    await close();
  });
});
