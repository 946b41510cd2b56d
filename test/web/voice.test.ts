import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readVoiceProfile } from "../../src/model/voice-profile.ts";
import type { BrowserFixture, OpenPage } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import {
  chooseFiles,
  fixture,
  lastAnnouncement,
  savedText,
  sayDigits,
  shownNumber,
  startAnew,
  waitForAnswers,
  writeRecording,
} from "./page-actions.ts";
import { listenToTest } from "./page-probes.ts";

const PATIENT = { timeout: 60_000 };

/** Weights of a state that make it one of a digit's three. Output 0 of the stream model is none. */
const pushedTo = (digit: number, part: number, weights: readonly number[]) =>
  weights.map((_, k) => (k === 1 + 3 * digit + part ? 20 : 0));

describe.skipIf(!hasChromium)("the page that is taught a voice", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    browser = await startBrowser(await sayDigits([7], 900));
    open = await browser.open({ permissions: ["microphone"] });
  });
  afterAll(() => browser?.close());
  beforeEach(() => startAnew(open.page));

  it("asks for digits one after another, and for one again that sounded like something else", async () => {
    const { page, faults } = open;
    await page.getByRole("button", { name: "Teach it" }).click();
    const lesson = page.getByTestId("lesson");
    await lesson.getByText("seven").waitFor();
    await lesson.getByText("two").waitFor();
    // The microphone says seven again.
    await lesson.getByText("That sounded like something else. Once more.").waitFor();
    expect(await lesson.locator(".lesson-digit").innerText()).toBe("2");
    expect(await lesson.getByRole("progressbar", { name: "Takes" }).getAttribute("value")).toBe("1");
    expect(await lastAnnouncement(page)).toBe("That sounded like something else. Say two.");
    await lesson.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Teach it" }).waitFor();
    expect(await page.getByTestId("voice").count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it("is taught by its own questions, and listens on with that voice", async () => {
    const { page, faults, close } = await browser.open({}, listenToTest);
    const say = async (digits: readonly number[]) => {
      const samples = [...(await sayDigits(digits, 300))];
      await page.evaluate((spoken) => window.say(spoken), samples);
    };
    const hearLive = async () => {
      await page.getByRole("button", { name: "Keep listening" }).click();
      await page.getByText("Speak now").waitFor();
      await say([4, 2, 7]);
      await page.locator(".number-digit:not(.tentative)").nth(2).waitFor();
      await page.getByRole("button", { name: "Stop listening" }).click();
      await page.getByTestId("waveform").waitFor();
      return shownNumber(page);
    };
    await page.getByRole("button", { name: "Teach it" }).click();
    const lesson = page.getByTestId("lesson");
    await lesson.getByText("Say", { exact: true }).waitFor();
    const takes = lesson.getByRole("progressbar", { name: "Takes" });
    for (let done = 0; done < 30; done++) {
      await expect.poll(() => takes.getAttribute("value"), PATIENT).toBe(String(done));
      await say([Number(await lesson.locator(".lesson-digit").innerText())]);
    }
    const voice = page.getByTestId("voice");
    await voice.getByText("30 takes").waitFor();
    expect(await voice.getByRole("switch", { name: "My voice" }).isChecked()).toBe(true);
    expect(await lastAnnouncement(page)).toBe("Your voice is learnt, and in use.");
    expect(await hearLive()).toBe("427");

    // As if the states of each "two" were those of a "five".
    const profile = readVoiceProfile(await savedText(page, "Save My voice"));
    const states = profile.stream!.states.map((state, i) => {
      const isTwo = profile.takes[Math.floor(i / 3)]!.label === 2;
      return isTwo ? { ...state, weights: pushedTo(5, i % 3, state.weights) } : state;
    });
    expect(states).toHaveLength(90);
    const path = join(browser.folder, "my-voice.json");
    writeFileSync(path, JSON.stringify({ ...profile, stream: { ...profile.stream, states } }));
    await page.getByTestId("voice-input").setInputFiles(path);
    expect(await hearLive()).toBe("457");
    expect(faults).toEqual([]);
    await close();
  });

  it("learns from confirmed answers, uses the voice, saves it, removes it and opens it again", async () => {
    const { page, faults } = open;
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    await page.keyboard.press("2");
    await page.getByLabel("Name", { exact: true }).fill("Ann");
    await page.getByRole("button", { name: "Learn from what you corrected" }).click();
    const voice = page.getByTestId("voice");
    await voice.getByText("1 take").waitFor();
    expect(await voice.getByRole("switch", { name: "Ann" }).isChecked()).toBe(true);
    const profile = readVoiceProfile(await savedText(page, "Save Ann"));
    expect(profile).toMatchObject({ name: "Ann", takes: [{ label: 2 }] });

    await page.getByRole("button", { name: "Remove Ann" }).click();
    await voice.waitFor({ state: "detached" });
    const path = join(browser.folder, "ann.json");
    writeFileSync(path, JSON.stringify(profile));
    await page.getByTestId("voice-input").setInputFiles(path);
    await voice.getByRole("switch", { name: "Ann" }).uncheck();
    await page.reload();
    await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
    expect(await voice.getByRole("switch", { name: "Ann" }).isChecked()).toBe(false);
    expect(faults).toEqual([]);
  });

  it("answers by the voice that is used, and refuses one of another model or none", async () => {
    const { page } = open;
    // A made-up voice: whatever is near to this take of two is a five.
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    await page.keyboard.press("2");
    await page.getByLabel("Name", { exact: true }).fill("Odd");
    await page.getByRole("button", { name: "Learn from what you corrected" }).click();
    const profile = readVoiceProfile(await savedText(page, "Save Odd"));
    const [take] = profile.takes;
    const weights = take!.weights.map((_, k) => (k === 5 ? 40 : 0));
    const path = join(browser.folder, "odd.json");
    writeFileSync(path, JSON.stringify({ ...profile, takes: [{ ...take, weights }] }));
    await page.getByTestId("voice-input").setInputFiles(path);
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await expect.poll(() => page.getByTestId("digit").innerText()).toBe("5");
    await page.getByTestId("voice").getByRole("switch", { name: "Odd" }).uncheck();
    await expect.poll(() => page.getByTestId("digit").innerText()).toBe("2");

    // The same in a number: the states of this "two" are those of a "five".
    const states = profile.stream!.states.map((state, part) => ({
      ...state,
      weights: pushedTo(5, part, state.weights),
    }));
    const inNumbers = { ...profile, name: "Numbers", stream: { ...profile.stream, states } };
    const number = writeRecording(join(browser.folder, "number.wav"), await sayDigits([9, 2, 9], 400));
    await chooseFiles(page, number);
    await expect.poll(() => shownNumber(page)).toBe("929");
    writeFileSync(path, JSON.stringify(inNumbers));
    await page.getByTestId("voice-input").setInputFiles(path);
    await page.getByRole("switch", { name: "Numbers" }).waitFor();
    await chooseFiles(page, number);
    await expect.poll(() => shownNumber(page)).toContain("5");

    writeFileSync(path, JSON.stringify({ ...profile, name: "Other", model: "00000000" }));
    await page.getByTestId("voice-input").setInputFiles(path);
    await page.getByText("of another model: teach it again").waitFor();
    expect(await page.getByRole("switch", { name: "Other" }).isDisabled()).toBe(true);
    writeFileSync(path, readFileSync(fixture("samples/README.md")));
    await page.getByTestId("voice-input").setInputFiles(path);
    await page.getByTestId("notice").getByText("That is no voice profile").waitFor();
  });
});
