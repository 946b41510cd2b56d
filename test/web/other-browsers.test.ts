// The main path in the engines of Safari and Firefox, where they are installed.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveSite } from "../../scripts/site/serve-site.js";
import { encodeWav } from "../../src/audio/encode-wav.ts";
import { buildOnce } from "./browser-fixture.ts";
import { fixture, sayDigits } from "./page-actions.ts";
import type { OtherBrowser } from "./webdriver.ts";
import { OTHER_BROWSERS } from "./webdriver.ts";

const FORMATS = ["pcm-16.wav", "mono-44100.m4a", "mono-44100.ogg", "mono-48000.opus", "stereo-44100.flac"];
// The last: what is recorded after it was lost, where a worker ran twice.
const LATER_FORMATS = ["stereo-48000.webm", "big-endian.aiff", "mono-44100.mp3"];
const SPOKEN = [7, 3, 9];
// So that a recording ends by itself.
const QUIET_SECONDS = 3;

// A browser leaves some of the sound out where another program has the processor: what was said is then said again. A recording
// that is begun in the moment after another has ended by itself is not wanted.
const AGAIN = { timeout: 80_000, interval: 1000 };

// Sound runs only from a click on, and in Firefox only where there is a sound device.
const NOTE_CLICK = `document.querySelector("h1").addEventListener("click", () => {
    const context = new AudioContext();
    void context.resume();
    window.soundRuns = async () => {
      for (let tries = 0; tries < 100 && context.currentTime === 0; tries++) await new Promise((r) => setTimeout(r, 50));
      void context.close();
      return context.currentTime > 0;
    };
  }, { once: true });`;

// In the page: waits until something is so.
const UNTIL = `const until = async (what) => {
  for (let tries = 0; tries < 2400; tries++) {
    const found = what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("waited for " + what + " at " + document.body.innerText.slice(0, 800));
};
const entries = () => document.querySelectorAll(".entry").length;`;

for (const [name, start] of Object.entries(OTHER_BROWSERS)) {
  describe.skipIf(!start)(`the page in ${name}${start ? "" : ", which is not installed"}`, () => {
    let site: { url: string; close: () => Promise<void> };
    let browser: OtherBrowser;

    beforeAll(async () => {
      site = await serveSite({ port: 7895, folder: await buildOnce() });
      browser = await start!();
      await browser.goTo(site.url);
      await browser.run(`${UNTIL} await until(() => document.querySelector("[data-ready=numbers]"));`);
      await browser.run(microphone(await sayDigits(SPOKEN, 400)));
    }, 280_000);
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });

    it("opens files of every format", async () => {
      for (const format of [...FORMATS, ...LATER_FORMATS]) {
        expect(await open(`audio/${format}`), format).toBe("8");
      }
    });

    it("records, also after an MP3 and after listening on, and hears digits live", async (test) => {
      await browser.run(NOTE_CLICK);
      await browser.click("h1");
      if (!(await browser.run("return window.soundRuns();")))
        test.skip(`${name} runs no sound without a sound device or server (pulseaudio)`);
      await expect.poll(record, AGAIN).toBe(SPOKEN.join(""));
      await expect.poll(hearLive, AGAIN).toContain(SPOKEN.join(""));
      await expect.poll(record, AGAIN).toBe(SPOKEN.join(""));
    });

    it("offers no new version on the first visit, and opens without a network after it", async () => {
      await browser.run(`const { active } = await navigator.serviceWorker.ready;
        while (active.state !== "activated" || !navigator.serviceWorker.controller) await new Promise((r) => setTimeout(r, 50));
        await new Promise((resolve) => setTimeout(resolve, 500));`);
      expect(await browser.run(`return document.body.innerText.includes("New version");`)).toBe(false);
      await site.close();
      await browser.goTo(site.url);
      await browser.run(`${UNTIL} await until(() => document.querySelector("[data-ready=numbers]"));`);
      expect(await open("audio/mono-44100.mp3")).toBe("8");
    });

    /** Opens a file and gives the digits that were heard. */
    function open(path: string): Promise<string> {
      const bytes = readFileSync(fixture(path)).toString("base64");
      return browser.run(`${UNTIL}
        const before = entries();
        const bytes = Uint8Array.from(atob("${bytes}"), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "${path}"));
        const input = document.querySelector("[data-testid=file-input]");
        input.files = data.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
        await until(() => entries() > before);
        return document.querySelector(".entry-number").textContent;`);
    }

    /** Listens until five digits are there or more, and gives them. */
    async function hearLive(): Promise<string> {
      const before = await browser.run<number>(`${UNTIL} return entries();`);
      await browser.click(".microphone-foot button");
      await browser.run(
        `${UNTIL} await until(() => document.querySelectorAll(".number-digit:not(.tentative)").length >= 5);`,
      );
      await browser.click(".microphone-foot button");
      return newestNumber(before);
    }

    /** Records until it ends by itself, and gives the digits that were heard. */
    async function record(): Promise<string> {
      const before = await browser.run<number>(`${UNTIL} return entries();`);
      await browser.click(".record");
      return newestNumber(before);
    }

    /** The digits of the newest answer, once there are more than before. */
    async function newestNumber(before: number): Promise<string> {
      const heard = await browser.run<string>(`${UNTIL}
        await until(() => entries() > ${before});
        return document.querySelector(".entry-number").textContent;`);
      return heard.replaceAll(" ", "");
    }
  });
}

/** A microphone that says the same each time it is opened, again and again, with quiet between. */
function microphone(spoken: Float32Array): string {
  const samples = new Float32Array(spoken.length + QUIET_SECONDS * 8000);
  samples.set(spoken);
  const wav = Buffer.from(encodeWav(samples, { sampleRate: 8000 })).toString("base64");
  return `
    const bytes = Uint8Array.from(atob("${wav}"), (letter) => letter.charCodeAt(0));
    const getUserMedia = async () => {
      const context = new AudioContext();
      void context.resume();
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(bytes.slice().buffer);
      const target = context.createMediaStreamDestination();
      source.loop = true;
      source.connect(target);
      setTimeout(() => source.start(), 600);
      return target.stream;
    };
    if (!navigator.mediaDevices) Object.defineProperty(navigator, "mediaDevices", { value: {} });
    Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: getUserMedia, configurable: true });`;
}
