import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../scripts/site/chromium.ts";
import { buildOnce, hasChromium } from "../web/browser-fixture.ts";
import { chooseFiles, fixture, shownDigit, waitForAnswers } from "../web/page-actions.ts";
import { failureOf, libraryAnswer, type Service, sample, startService } from "./service-fixture.ts";

describe("the page and the API from one process", () => {
  let service: Service;
  let browser: Browser | undefined;
  beforeAll(async () => {
    service = await startService({ site: await buildOnce() });
    if (hasChromium) browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await service.close();
  });

  test("are both there", async () => {
    const page = await service.ask("/");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect(await page.text()).toContain("<!doctype html>");
    const { probs } = await libraryAnswer(sample(7));
    expect(await (await service.classify(sample(7))).json()).toMatchObject({ probs });
  });

  test("files with their contents in their names are kept by browsers for good, others asked for again", async () => {
    const html = await (await service.ask("/")).text();
    const script = /src="\.(\/assets\/[^"]+\.js)"/.exec(html)![1]!;
    const hashed = await service.ask(script);
    expect(hashed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(hashed.headers.get("content-type")).toContain("javascript");
    const worker = await service.ask("/service-worker.js");
    expect(worker.headers.get("cache-control")).toBe("no-cache");
    expect(worker.headers.get("content-security-policy")).toContain("worker-src 'self'");
  });

  test("files outside the page's folder, and hidden ones, are not served", async () => {
    for (const path of [
      "/.built-from",
      "/%2e%2e/cli.js",
      "/assets/../../cli.js",
      "/assets/%2e%2e%2f%2e%2e%2fcli.js",
    ]) {
      expect(await failureOf(await service.ask(path)), path).toBe("request-not-found");
    }
  });

  describe.skipIf(!hasChromium)("in Chromium", () => {
    test("the page answers a file, and nothing is refused by its policy", async () => {
      const { page, faults } = await open("/");
      await page.getByText("Ready", { exact: true }).waitFor();
      const heard = await recognisedSample();
      await chooseFiles(page, fixture(`samples/${heard}.wav`));
      await waitForAnswers(page, 1);
      expect(await shownDigit(page)).toBe(String(heard));
      expect(faults).toEqual([]);
      await page.close();
    });

    test("the page that describes the API lets one try it", async () => {
      const { page, faults } = await open("/docs");
      await page.locator("#operations-recognition-getModel").click();
      await page.getByRole("button", { name: "Try it out" }).click();
      await page.getByRole("button", { name: "Execute" }).click();
      await page.locator(".live-responses-table").getByText('"architecture": "compact"').waitFor();
      expect(faults).toEqual([]);
      await page.close();
    });

    /** A sample that the model answers rightly. */
    async function recognisedSample(): Promise<number> {
      for (let digit = 0; digit < 10; digit++) {
        if ((await libraryAnswer(sample(digit))).digit === digit) return digit;
      }
      throw new Error("the model recognises none of the samples");
    }

    async function open(path: string): Promise<{ page: Page; faults: string[] }> {
      const page = await browser!.newPage();
      const faults: string[] = [];
      page.on("pageerror", ({ message }) => faults.push(message));
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      await page.goto(`${service.url}${path}`);
      return { page, faults };
    }
  });
});
