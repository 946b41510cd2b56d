import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BrowserFixture, OpenPage } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import { sayDigits, shownDigit, startAnew, waitForAnswers } from "./page-actions.ts";
import { everythingIsClosed, watchMicrophone } from "./page-probes.ts";

describe.skipIf(!hasChromium)("the page with a microphone that fails", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    browser = await startBrowser(await sayDigits([7], 400));
    open = await browser.open({}, watchMicrophone);
  });
  afterAll(() => browser?.close());
  beforeEach(() => startAnew(open.page));

  it("says what to do when it is refused, and still takes files", async () => {
    const { page } = open;
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByTestId("notice").getByText("The microphone is blocked").waitFor();
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("2");
  });

  it("can be cancelled while it waits for permission, or for a sound device that never wakes", async () => {
    const { page } = open;
    await page.context().grantPermissions(["microphone"]);
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = () => new Promise(() => undefined);
      Object.assign(window, { allow: () => Object.assign(mediaDevices, { getUserMedia }) });
    });
    await page.getByRole("button", { name: "Record" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Record" }).waitFor();
    await everythingIsClosed(page);
    await page.evaluate(() => {
      (window as unknown as { allow(): void }).allow();
      AudioContext.prototype.resume = () => new Promise(() => undefined);
      // As a device that another program has: no sample comes.
      AudioContext.prototype.createMediaStreamSource = function createNothing() {
        void this.suspend();
        return this.createConstantSource() as unknown as MediaStreamAudioSourceNode;
      };
    });
    await page.getByRole("button", { name: "Keep listening" }).click();
    await page.locator(".hint.warning").getByText("No sound arrives").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Record" }).waitFor();
    await everythingIsClosed(page);
  });

  it("has its own words for each failure, remembers which device was chosen, and asks for that one", async () => {
    const { page } = open;
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      mediaDevices.enumerateDevices = async () =>
        ["One", "Two"].map((label) => ({ kind: "audioinput", deviceId: label, label }) as MediaDeviceInfo);
      mediaDevices.dispatchEvent(new Event("devicechange"));
    });
    await page.getByLabel("Options", { exact: true }).click();
    await page.locator("select option", { hasText: "Two" }).waitFor({ state: "attached" });
    await page.locator(".options select", { hasText: "Two" }).selectOption("Two");
    await page.keyboard.press("Escape");
    for (const [name, title] of [
      ["NotFoundError", "No microphone found"],
      ["NotReadableError", "Another program is using the microphone"],
    ]) {
      await page.evaluate((errorName) => {
        navigator.mediaDevices.getUserMedia = (constraints) => {
          Object.assign(window, { asked: constraints });
          return Promise.reject(new DOMException("", errorName));
        };
      }, name);
      await page.getByRole("button", { name: "Record" }).click();
      await page.getByTestId("notice").getByText(title!).waitFor();
    }
    const asked = await page.evaluate(
      () => (window as unknown as { asked: MediaStreamConstraints }).asked.audio,
    );
    expect(asked).toMatchObject({ deviceId: { ideal: "Two" } });
    expect(await page.evaluate(() => localStorage.getItem("spoken-digits.microphone"))).toBe('"Two"');
  });
});
