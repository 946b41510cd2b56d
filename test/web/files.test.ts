import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { loadClassifier } from "../../src/load-models.ts";
import { hostileFiles } from "../support/hostile-files.ts";
import { type BrowserFixture, hasChromium, type OpenPage, startBrowser } from "./browser-fixture.ts";
import {
  chooseFiles,
  exportedAnswers,
  fixture,
  lastAnnouncement,
  savedText,
  sayDigits,
  shownDigit,
  startAnew,
  waitForAnswers,
  writeRecording,
} from "./page-actions.ts";
import { watchPlaying } from "./page-probes.ts";

const FORMATS = [
  "pcm-16.wav",
  "six-channels-extensible.wav",
  "mono-44100.mp3",
  "mono-44100.m4a",
  "mono-44100.ogg",
  "mono-48000.opus",
  "stereo-44100.flac",
  "stereo-48000.webm",
  "live.webm",
];
const PATIENT = { timeout: 60_000 };

// One of each kind: a table at its end, codec headers, hundreds of thousands of parts, sizes that lead in circles.
const KINDS =
  /^(stsz: 4294967295 at 8, cut|trun: 2147483647 at 12|FLAC at|Opus with|ALAC|WAV of|MP4 of|EBML 26-83-128-103 of size 1-1-|EBML 24-83-128-103 of size 1-1-)/;
const HOSTILE = Object.entries(hostileFiles()).filter(([name]) => KINDS.test(name));
const MAY_OPEN = /^(trun|EBML)/;

describe.skipIf(!hasChromium)("the page with a file", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    browser = await startBrowser();
    open = await browser.open({ reducedMotion: "reduce" }); // nothing moves under the pointer
  });
  afterAll(() => browser?.close());
  beforeEach(() => startAnew(open.page));
  afterEach(() => expect(open.faults.splice(0)).toEqual([]));

  it("answers for every format, with the probabilities of the library", async () => {
    const { page } = open;
    for (const [i, name] of FORMATS.entries()) {
      await chooseFiles(page, fixture(`audio/${name}`));
      await waitForAnswers(page, i + 1);
    }
    expect(await shownDigit(page)).toBe("8");
    const answers = await exportedAnswers(page);
    const classifier = await loadClassifier();
    for (const [i, name] of FORMATS.entries()) {
      const { samples, sampleRate } = await decodeAudio(readFileSync(fixture(`audio/${name}`)));
      const { probs, noneProb } = await classifier.classify(samples, { sampleRate });
      expect(answers[i]).toMatchObject({ name, source: "file", digits: "8" });
      [...probs, noneProb].forEach((prob, k) => {
        const shown = k === 10 ? answers[i]!.noneProb! : answers[i]!.probs![k]!;
        expect(Math.abs(shown - prob), `${name}, class ${k}`).toBeLessThan(1e-3);
      });
    }
    await classifier.release();
  });

  it("says what to do about a file that is no sound, takes the old answer away, and goes on working", async () => {
    const { page } = open;
    await chooseFiles(page, fixture("samples/3.wav"));
    await waitForAnswers(page, 1);
    await chooseFiles(page, fixture("samples/README.md"));
    await page.getByTestId("notice").getByText("That is not a sound file").waitFor();
    expect(await lastAnnouncement(page)).toContain("Choose a recording");
    expect(await shownDigit(page)).toBe("–");
    await page.keyboard.press("Escape");
    expect(await page.getByTestId("notice").count()).toBe(0);
    await chooseFiles(page, fixture("samples/4.wav"));
    await waitForAnswers(page, 2);
    expect(await shownDigit(page)).toBe("4");
  });

  it("takes a file that is dropped or pasted", async () => {
    const { page } = open;
    const bytes = [...readFileSync(fixture("samples/3.wav"))];
    const give = (type: "drop" | "paste") =>
      page.evaluate(
        ({ content, kind }) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(content)], `${kind}.wav`, { type: "audio/wav" }));
          const init = { bubbles: true, cancelable: true };
          document.body.dispatchEvent(
            kind === "drop"
              ? new DragEvent("drop", { ...init, dataTransfer: data })
              : new ClipboardEvent("paste", { ...init, clipboardData: data }),
          );
        },
        { content: bytes, kind: type },
      );
    await give("drop");
    await waitForAnswers(page, 1);
    await give("paste");
    await waitForAnswers(page, 2);
    expect((await exportedAnswers(page)).map(({ name, digits }) => [name, digits])).toEqual([
      ["drop.wav", "3"],
      ["paste.wav", "3"],
    ]);
  });

  it("shows the last of several files chosen at once, without a word about the others", async () => {
    const { page } = open;
    for (const digit of [1, 2, 6]) await chooseFiles(page, fixture(`samples/${digit}.wav`));
    await expect.poll(() => shownDigit(page), PATIENT).toBe("6");
    await expect.poll(async () => (await exportedAnswers(page)).at(-1)?.name, PATIENT).toBe("6.wav");
    expect(await page.getByTestId("notice").count()).toBe(0);
  });

  it("listens again when the sound is trimmed: by itself, by its edges, by numbers", async () => {
    const { page } = open;
    const probs = async () => (await exportedAnswers(page))[0]!.probs;
    await page.getByRole("button", { name: "Sample 7: seven" }).click();
    await waitForAnswers(page, 1);
    const from = page.getByLabel("From");
    const whole = await probs();
    await page.getByRole("button", { name: "Trim silence" }).click();
    await expect.poll(() => from.inputValue(), PATIENT).not.toBe("0.00");
    await expect.poll(probs, PATIENT).not.toEqual(whole);

    const trimmed = Number(await from.inputValue());
    const edge = page.locator("[part~=region-handle-left]");
    await edge.scrollIntoViewIfNeeded();
    const handle = (await edge.boundingBox())!;
    await page.mouse.move(handle.x + 2, handle.y + 40);
    await page.mouse.down();
    await page.mouse.move(handle.x + 60, handle.y + 40, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => Number(await from.inputValue()), PATIENT).toBeGreaterThan(trimmed + 0.05);

    await page.getByRole("button", { name: "Whole clip" }).click();
    await expect.poll(probs, PATIENT).toEqual(whole);
    await page.getByLabel("to", { exact: true }).fill("0.10");
    await page.getByLabel("to", { exact: true }).press("Enter");
    await expect.poll(() => shownDigit(page), PATIENT).not.toBe("7");
    expect(await exportedAnswers(page)).toHaveLength(1);
    await from.fill("");
    await from.press("Enter");
    await expect.poll(() => from.inputValue(), PATIENT).toBe("0.00");
  });

  it("reduces noise in what is heard, drawn and played", async () => {
    const { page } = open;
    const probs = async () => (await exportedAnswers(page))[0]!.probs;
    await page.getByRole("button", { name: "Sample 5: five" }).click();
    await waitForAnswers(page, 1);
    const before = await probs();
    const toggle = page.getByRole("switch", { name: "Reduce noise" });
    await toggle.check();
    await expect.poll(probs, PATIENT).not.toEqual(before);
    expect(await shownDigit(page)).toBe("5");
    await page.evaluate(watchPlaying);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(() => page.evaluate(() => window.playedFrom), PATIENT).toEqual([0]);
    await toggle.uncheck();
    await expect.poll(probs, PATIENT).toEqual(before);
  });

  it("lists the answers: opens, plays, removes, exports them", async () => {
    const { page } = open;
    for (const [i, word] of ["one", "two"].entries()) {
      await page
        .getByRole("button", { name: `: ${word}`, exact: false })
        .first()
        .click();
      await waitForAnswers(page, i + 1);
    }
    const csv = await savedText(page, "Save as CSV");
    const [header, first, second] = csv.trimEnd().split("\r\n");
    expect(header).toBe(
      "time,name,source,digits,label,confidence,reason,ms,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9,none",
    );
    expect(first).toContain("Sample “one”,sample,1,");
    expect(second).toContain("Sample “two”,sample,2,");
    await page.getByRole("button", { name: "Open Sample “one”: 1" }).click();
    await expect.poll(() => shownDigit(page), PATIENT).toBe("1");
    expect(await page.locator(".entry").count()).toBe(2);
    await page.getByRole("button", { name: "Remove Sample “one”" }).click();
    // Long enough that it is still played when it is to be stopped.
    const minute = new Float32Array(60 * 8000);
    minute.set(await sayDigits([7], 400));
    await chooseFiles(page, writeRecording(join(browser.folder, "minute.wav"), minute));
    await waitForAnswers(page, 2);
    await page.getByRole("button", { name: "Play minute.wav" }).click();
    await page.getByRole("button", { name: "Stop minute.wav" }).click();
    await page.getByRole("button", { name: "Play minute.wav" }).waitFor();
    await page.getByRole("button", { name: "Remove minute.wav" }).click();
    expect((await exportedAnswers(page)).map(({ digits }) => digits)).toEqual(["2"]);
    await page.getByRole("button", { name: "Remove all" }).click();
    expect(await page.locator(".entry").count()).toBe(0);
  });

  it.each(HOSTILE)("says so about a hostile file and opens the next: %s", async (name, bytes) => {
    const { page, faults } = open;
    await page.setInputFiles("[data-testid=file-input]", {
      name: "hostile.wav",
      mimeType: "audio/wav",
      buffer: Buffer.from(bytes),
    });
    await page.locator("[data-testid=notice], .entry").first().waitFor(PATIENT);
    const nAnswers = await page.locator(".entry").count();
    expect(nAnswers, name).toBe(MAY_OPEN.test(name) ? nAnswers : 0);
    await chooseFiles(page, fixture("samples/6.wav"));
    await waitForAnswers(page, nAnswers + 1);
    expect(await shownDigit(page)).toBe("6");
    expect(await page.getByTestId("notice").count()).toBe(0);
    faults.length = 0; // codecs complain of bad frames on the console
  });

  it("loads its models once there is a network, where there was none", async () => {
    const { page, faults } = open;
    await page.route("**/*.onnx*", (route) => route.abort());
    await page.reload();
    await page.getByTestId("notice").getByText("The model could not be loaded").waitFor();
    await page.unroute("**/*.onnx*");
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.locator("[data-ready=numbers]").waitFor({ state: "attached" });
    await page.getByText("Ready", { exact: true }).waitFor();
    expect(await page.getByTestId("notice").count()).toBe(0);
    faults.length = 0; // what could not be fetched
  });

  it("goes on with another worker when its own has failed", async () => {
    const { page, faults } = open;
    await chooseFiles(page, fixture("samples/4.wav"));
    await waitForAnswers(page, 1);
    const [worker] = page.workers();
    const closed = worker!.waitForEvent("close");
    await worker!.evaluate(() => {
      setTimeout(() => {
        throw new Error("thrown on purpose");
      });
    });
    await closed;
    await chooseFiles(page, fixture("samples/6.wav"));
    await waitForAnswers(page, 2);
    expect(await shownDigit(page)).toBe("6");
    faults.length = 0; // what was thrown on purpose, if Chromium says so
  });
});
