import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../scripts/site/chromium.ts";
import { serveSite } from "../../scripts/site/serve-site.js";
import { buildOnce, hasChromium } from "./browser-fixture.ts";
import { waitForAnswers } from "./page-actions.ts";

// Both cores may be busy with other tests.
const PATIENCE_MS = 100_000;

describe.skipIf(!hasChromium)("the page in a folder of a plain host", () => {
  let host: string;
  let site: { url: string; close: () => Promise<void> };
  let browser: Browser;

  beforeAll(async () => {
    host = mkdtempSync(join(tmpdir(), "spoken-digits-host-"));
    cpSync(await buildOnce(), join(host, "some", "folder"), { recursive: true });
    site = await serveSite({ port: 7885, folder: host });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    rmSync(host, { recursive: true });
  });

  it("works there, and takes up a new version: by itself when nothing is lost, else when asked", async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await visit(page);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

    publish("Second version");
    await page.reload();
    await expect.poll(() => page.title(), { timeout: PATIENCE_MS }).toBe("Second version");

    await visit(page);
    await page.getByRole("button", { name: "Sample 2: two" }).click();
    await waitForAnswers(page, 1);
    publish("Third version");
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await page.getByRole("button", { name: "New version: use it" }).click();
    await expect.poll(() => page.title(), { timeout: PATIENCE_MS }).toBe("Third version");
    await page.close();
  });

  async function visit(page: Page): Promise<void> {
    await page.goto(`${site.url}some/folder/`);
    await page.getByText("Ready", { exact: true }).waitFor();
  }

  /** Uploads the page under another title, with what a build would change for that. */
  function publish(title: string): void {
    const folder = join(host, "some", "folder");
    const page = readFileSync(join(folder, "index.html"), "utf8");
    writeFileSync(join(folder, "index.html"), page.replace(/<title>.*<\/title>/, `<title>${title}</title>`));
    const worker = readFileSync(join(folder, "service-worker.js"), "utf8");
    const revision = title.replaceAll(" ", "-");
    writeFileSync(
      join(folder, "service-worker.js"),
      worker.replace(/(index\.html`,revision:`)[^`]*/, `$1${revision}`),
    );
  }
});
