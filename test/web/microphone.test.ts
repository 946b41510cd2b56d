import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BrowserFixture, OpenPage } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import {
  chooseFiles,
  exportedAnswers,
  fixture,
  lastAnnouncement,
  sayDigits,
  shownDigit,
  shownNumber,
  startAnew,
  waitForAnswers,
  writeRecording,
} from "./page-actions.ts";
import {
  everythingIsClosed,
  firmDigits,
  heapBytes,
  hearLive,
  listenToTest,
  say,
  watchMicrophone,
} from "./page-probes.ts";

const DIGITS = [7, 3, 3, 1, 9];
const ALLOWED = { permissions: ["microphone"] };
const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasChromium)("the page with a microphone", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    // For the microphone of the browser. After them it is quiet, so that a recording ends by itself.
    const spoken = await sayDigits(DIGITS, 400);
    const samples = new Float32Array(spoken.length + 2.5 * 8000);
    samples.set(spoken);
    browser = await startBrowser(samples);
    open = await browser.open(ALLOWED, listenToTest, watchMicrophone);
  });
  afterAll(() => browser?.close());
  beforeEach(() => startAnew(open.page));

  it("drops a recording at Escape, and ends it at the space bar where it is not to stop by itself", async () => {
    const { page } = open;
    await letStopByItself(false);
    await page.keyboard.press("Space");
    await stopButton().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Record" }).waitFor();
    expect(await page.locator(".entry").count()).toBe(0);
    await everythingIsClosed(open.page);
    await page.keyboard.press("Space");
    await stopButton().waitFor();
    await say(page, [7], 3000);
    // So long after the word: it has not stopped by itself.
    await page.getByText(/Speak now · 0:(0[5-9]|[1-5]\d)/).waitFor();
    await page.keyboard.press("Space");
    await waitForAnswers(page, 1);
  });

  it("stops listening and keeps what was heard when a sound is opened", async () => {
    const { page } = open;
    await hearLive(page, [7, 3]);
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 2);
    await everythingIsClosed(open.page);
    expect((await exportedAnswers(page)).map(({ source, digits }) => [source, digits])).toEqual([
      ["live", "73"],
      ["sample", "2"],
    ]);
    expect(await shownDigit(page)).toBe("2");
  });

  it("ends one thing at a time at Escape: what it hears, what it asks for, a message, what it plays", async () => {
    const { page } = open;
    await hearLive(page, [7, 3]);
    await page.keyboard.press("Escape");
    await waitForAnswers(page, 1);
    expect((await exportedAnswers(page))[0]).toMatchObject({ source: "live" });
    await everythingIsClosed(open.page);

    await page.getByRole("button", { name: "Teach it" }).click();
    await page.getByTestId("lesson").getByText("seven").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Teach it" }).waitFor();
    expect((await page.getByTestId("lesson").count()) + (await page.getByTestId("voice").count())).toBe(0);
    await everythingIsClosed(open.page);
    await page.getByRole("button", { name: "Record" }).click();
    await stopButton().waitFor();
    expect(await page.getByTestId("lesson").count()).toBe(0);
    await page.keyboard.press("Escape");
    await everythingIsClosed(open.page);

    const minute = new Float32Array(60 * 8000);
    minute.set(await sayDigits([7], 400));
    await chooseFiles(page, writeRecording(join(browser.folder, "minute.wav"), minute));
    await waitForAnswers(page, 2);
    await chooseFiles(page, fixture("samples/README.md"));
    await page.getByTestId("notice").waitFor();
    await page.getByRole("button", { name: "Play minute.wav" }).click();
    const stop = page.getByRole("button", { name: "Stop minute.wav" });
    await stop.waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("notice").waitFor({ state: "detached" });
    await stop.waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Play minute.wav" }).waitFor();
  });

  it("takes a double click for one", async () => {
    const { page } = open;
    await letStopByItself(false);
    await page.getByRole("button", { name: "Record" }).dblclick();
    await stopButton().waitFor();
    await say(page, [7]);
    await stopButton().dblclick();
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("7");
    await page.getByRole("button", { name: "Record", exact: true }).waitFor();
    await everythingIsClosed(open.page);
  });

  it("leaves nothing in view of a session whose digits are all deleted", async () => {
    const { page } = open;
    await hearLive(page, [7]);
    await page.getByRole("button", { name: "Stop listening" }).click();
    await waitForAnswers(page, 1);
    const verdict = page.getByTestId("verdict");
    await verdict.getByText("Seven").waitFor();
    expect(await verdict.innerText()).not.toContain("computed");
    await page.getByRole("button", { name: "Delete the last digit" }).click();
    await page
      .getByRole("button", { name: "Open Live", exact: false })
      .getByText("no digit")
      .first()
      .waitFor();
    const picture = page.getByRole("img", { name: "Loudness by pitch and time" });
    const isEmpty = () =>
      picture.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return data.every((value) => value === 0);
      });
    await expect.poll(isEmpty, PATIENT).toBe(true);
    expect(await page.locator(".bar.top").count()).toBe(0);
  });

  it("keeps what was heard on the screen of a phone, while it listens and after", async () => {
    const phone = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true };
    const { page, faults, close } = await browser.open({ ...ALLOWED, ...phone }, listenToTest);
    const inView = (locator: Locator) => () =>
      locator.evaluate((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      });
    await page.getByRole("button", { name: "Keep listening" }).tap();
    const stop = page.getByRole("button", { name: "Stop listening" });
    await stop.waitFor();
    await say(page, [7, 3, 3, 1]);
    await firmDigits(page).nth(3).waitFor();
    for (const shown of [page.getByTestId("number"), stop])
      await expect.poll(inView(shown), PATIENT).toBe(true);
    await stop.tap();
    await waitForAnswers(page, 1);
    await page.getByTestId("waveform").waitFor();
    for (const shown of [page.getByTestId("number"), page.getByRole("button", { name: "Record" })])
      await expect.poll(inView(shown), PATIENT).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    const [answer] = await exportedAnswers(page);
    expect(await shownNumber(page)).toBe(answer!.digits);
    expect(faults).toEqual([]);
    await close();
  });

  it("ends a recording with what was heard when the microphone is unplugged", async () => {
    const { page } = open;
    await letStopByItself(false);
    await page.getByRole("button", { name: "Record" }).click();
    await stopButton().waitFor();
    await say(page, [7, 3]);
    await page.evaluate(() => window.unplug());
    await page.getByTestId("notice").getByText("No microphone found").waitFor();
    await waitForAnswers(page, 1);
    expect((await exportedAnswers(page))[0]!.digits).toBe("73");
  });

  it("shows digits as they are said, keeps its memory, and makes them one answer that opens again", async () => {
    const { page, faults } = open;
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    await hearLive(page, DIGITS.slice(0, 3)); // and the old answer is gone
    const heapBefore = await heapBytes(page);
    await say(page, [...DIGITS.slice(3), ...DIGITS, 7, 3]);
    await firmDigits(page).nth(11).waitFor();
    expect((await heapBytes(page)) - heapBefore).toBeLessThan(3_000_000);
    await page.getByRole("button", { name: "Delete the last digit" }).click();
    await page.getByRole("button", { name: "Stop listening" }).click();
    await waitForAnswers(page, 2);
    await everythingIsClosed(open.page);

    const heard = await shownNumber(page);
    expect((await exportedAnswers(page))[1]).toMatchObject({ source: "live", digits: heard });
    expect(await lastAnnouncement(page)).toBe(`Stopped listening. Heard: ${[...heard].join(" ")}.`);
    // All of them, in the order they are said, but for the last, which was deleted.
    expect(heard).toBe("73319733197");
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 3);
    await page.getByRole("button", { name: /^Open Live/ }).click();
    await page.getByTestId("waveform").waitFor();
    expect(await shownNumber(page)).toBe(heard);
    expect(faults).toEqual([]);
  });

  // The last: who presses just after a recording has ended by itself does not begin another.
  it("records what is said, stops by itself, answers, and lets the microphone go", async () => {
    const { page, faults } = open;
    await letStopByItself(true);
    await page.keyboard.press("Space");
    await stopButton().waitFor();
    await say(page, DIGITS);
    await waitForAnswers(page, 1);
    expect(await exportedAnswers(page)).toMatchObject([{ source: "microphone", digits: DIGITS.join("") }]);
    await everythingIsClosed(open.page);
    expect(faults).toEqual([]);
  });

  async function letStopByItself(wanted: boolean): Promise<void> {
    const { page } = open;
    await page.getByLabel("Options", { exact: true }).click();
    await page.getByRole("switch", { name: "Stop by itself after speech" }).setChecked(wanted);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 1 }).click();
  }

  function stopButton(): Locator {
    return open.page.getByRole("button", { name: "Stop", exact: true });
  }

  describe("of the browser", () => {
    beforeAll(async () => {
      await open.close();
      open = await browser.open(ALLOWED, watchMicrophone);
    });

    // Which digits it hears is for those above: the browser leaves some of its sound out where it has no processor.
    it("is recorded until it is quiet, listened to until that is stopped, and let go", async () => {
      const { page, faults } = open;
      await page.getByRole("button", { name: "Record" }).click();
      await waitForAnswers(page, 1);
      await everythingIsClosed(open.page);
      await page.getByRole("button", { name: "Keep listening" }).click();
      await firmDigits(page).nth(1).waitFor();
      await page.getByRole("button", { name: "Stop listening" }).click();
      await waitForAnswers(page, 2);
      await everythingIsClosed(open.page);
      const answers = await exportedAnswers(page);
      expect(answers.map(({ source }) => source)).toEqual(["microphone", "live"]);
      expect(answers[1]!.digits.length).toBeGreaterThanOrEqual(2);
      expect(faults).toEqual([]);
    });
  });
});
