import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../src/audio/decode-audio.ts";
import { buildCli, runCli } from "../support/run-cli.ts";
import type { BrowserFixture, OpenPage } from "./browser-fixture.ts";
import { hasChromium, startBrowser } from "./browser-fixture.ts";
import {
  chooseFiles,
  dragOver,
  exportedAnswers,
  fixture,
  lastAnnouncement,
  savedFile,
  savedText,
  sayDigits,
  shownDigit,
  shownNumber,
  startAnew,
  waitForAnswers,
  writeRecording,
} from "./page-actions.ts";
import { watchPlaying } from "./page-probes.ts";

const PATIENT = { timeout: 60_000 };

describe.skipIf(!hasChromium)("the page with a number", () => {
  let browser: BrowserFixture;
  let open: OpenPage;

  beforeAll(async () => {
    browser = await startBrowser();
    writeRecording(join(browser.folder, "1660.wav"), await sayDigits([1, 6, 6, 0], 250));
    open = await browser.open({ permissions: ["clipboard-read", "clipboard-write"] });
  });
  afterAll(() => browser?.close());
  beforeEach(() => startAnew(open.page));
  afterEach(() => expect(open.faults.splice(0)).toEqual([]));

  it("shows all digits, reads them out one by one, marks and plays each, and copies them", async () => {
    const { page } = open;
    await show1660();
    expect(await lastAnnouncement(page)).toMatch(/^1 6 6 0\. 4 digits\./);
    const marks = page.getByTestId("marks").locator("button");
    await expect.poll(() => marks.allInnerTexts(), PATIENT).toEqual(["1", "6", "6", "0"]);
    await page.evaluate(watchPlaying);
    await marks.nth(3).click();
    const [answer] = await exportedAnswers(page);
    await expect
      .poll(() => page.evaluate(() => window.playedFrom[0]), PATIENT)
      .toBeCloseTo(answer!.places[3]!.startMs / 1000 - 0.06, 1);
    await page.getByRole("heading", { name: "Digit 4 of 4" }).waitFor();
    await expect.poll(() => topBar(), PATIENT).toBe("0");
    await page.getByRole("button", { name: "1, digit 1 of 4" }).click();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => topBar(), PATIENT).toBe("6");
    await page.getByLabel("Grouping").selectOption("3-3-4");
    await page.getByRole("button", { name: "Copy the digits" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), PATIENT).toBe("166 0");
  });

  it("is corrected by one key, also from the history, and exports what was corrected with its sound", async () => {
    const { page } = open;
    await show1660();
    await page.getByRole("button", { name: "6, digit 2 of 4" }).click();
    await page.keyboard.press("5");
    await expect.poll(() => shownNumber(page), PATIENT).toBe("1560");
    expect(await lastAnnouncement(page)).toBe("It was five.");
    await page.getByRole("button", { name: "Sample 4: four" }).click();
    await waitForAnswers(page, 2);
    await page.getByRole("button", { name: /^It was 4/ }).click();
    await page.getByRole("button", { name: /^Open 1660.wav: 1 5 6 0/ }).click();
    await expect.poll(() => shownNumber(page), PATIENT).toBe("1560");
    await page.getByRole("button", { name: "0, digit 4 of 4" }).click();
    await page.keyboard.press("n");
    await expect.poll(() => shownNumber(page), PATIENT).toBe("156");
    expect((await exportedAnswers(page)).map(({ digits, label }) => [digits, label])).toEqual([
      ["156", "156"],
      ["4", "4"],
    ]);

    const files = unzipSync(new Uint8Array(await savedFile(page, "Save as corrected sounds")));
    const [header, ...lines] = new TextDecoder().decode(files["list.tsv"]).trim().split("\n");
    expect(header).toBe("path\tlabel\tcorpus");
    expect(lines.map((line) => line.split("\t")[1])).toEqual(["5", "none", "4"]);
    const clips = await Promise.all(lines.map((line) => decodeAudio(files[line.split("\t")[0]!]!)));
    const durations = clips.map(({ samples, sampleRate }) => samples.length / sampleRate);
    expect(durations[0]).toBeGreaterThan(0.2);
    expect(durations[0]).toBeLessThan(1);

    const folder = join(browser.folder, "corrected");
    mkdirSync(join(folder, "sounds"), { recursive: true });
    for (const [path, bytes] of Object.entries(files)) writeFileSync(join(folder, path), bytes);
    buildCli();
    const run = (...args: string[]) => runCli([...args, "--manifest", "list.tsv"], { cwd: folder });
    const report = JSON.parse((await run("evaluate", "--json")).stdout);
    expect(report).toMatchObject({ digits: { n: 2 }, none: { n: 1 }, failed: { n: 0 } });
    expect((await run("teach", "--voice", "page.json")).stdout).toContain("page.json: 1 of 2 takes");
  });

  it("listens through a file of ten minutes, says how far it is, and takes none that is longer", async () => {
    const { page } = open;
    const long = new Float32Array(600 * 8000);
    for (const [i, digits] of [[7], [3], [9, 1]].entries())
      long.set(await sayDigits(digits, 400), (i * 298 + 1) * 8000);
    await chooseFiles(page, writeRecording(join(browser.folder, "long.wav"), long));
    await page.getByText("Listening through it").waitFor();
    await page.getByText("of 10:00").waitFor();
    await waitForAnswers(page, 1);
    expect(await shownNumber(page)).toBe("7391");
    const [answer] = await exportedAnswers(page);
    expect(answer!.places[3]!.startMs).toBeGreaterThan(597_000);
    await page.getByRole("button", { name: "1, digit 4 of 4" }).click();
    await expect.poll(() => topBar(), PATIENT).toBe("1");
    const longer = new Float32Array(601 * 8000);
    await chooseFiles(page, writeRecording(join(browser.folder, "longer.wav"), longer));
    await page.getByTestId("notice").getByText("That recording is too long").waitFor();
  });

  it("hears several files as a table: sorted, scored by their names, opened, exported", async () => {
    const { page } = open;
    const folder = join(browser.folder, "many");
    mkdirSync(folder);
    const paths = ["7_ann_0", "3_ann_0", "5_ann_1"].map((name) => join(folder, `${name}.wav`));
    for (const [i, digit] of [7, 3, 4].entries()) copyFileSync(fixture(`samples/${digit}.wav`), paths[i]!);
    copyFileSync(fixture("samples/README.md"), join(folder, "broken.wav"));
    await page.setInputFiles("[data-testid=folder-input]", folder);
    await page.getByText("4 of 4 heard").waitFor();
    expect(await page.getByTestId("scores").innerText()).toContain("2 of 3");
    await page.getByRole("button", { name: "Heard", exact: true }).click();
    const rows = page.getByTestId("files").locator("tbody tr");
    expect(await rows.locator(".files-digits").allInnerTexts()).toEqual(
      expect.arrayContaining(["3", "4", "7", "That is not a sound file"]),
    );
    expect(await page.locator("tr.wrong").innerText()).toContain("5_ann_1.wav");
    const csv = (await savedText(page, "Save the files as CSV")).trimEnd().split("\r\n");
    expect(csv[0]).toBe("path,state,digits,confidence,seconds,label,right,problem");
    expect(csv.find((line) => line.includes("5_ann_1"))).toMatch(/done,4,0\.\d+,[\d.]+,5,false,$/);
    await page.getByRole("button", { name: "many/7_ann_0.wav" }).click();
    await waitForAnswers(page, 1);
    expect(await shownDigit(page)).toBe("7");
  });

  it("hears the sounds of a folder that is dropped, at any depth and among any number of files", async () => {
    const { page } = open;
    const folder = join(browser.folder, "dropped");
    mkdirSync(join(folder, "deeper", "down"), { recursive: true });
    // The browser names a hundred at once.
    for (let i = 0; i < 120; i++) writeFileSync(join(folder, `notes-${i}.txt`), "no sound");
    copyFileSync(fixture("samples/2.wav"), join(folder, "two.wav"));
    copyFileSync(fixture("samples/8.wav"), join(folder, "deeper", "down", "8_ann_0.wav"));
    writeFileSync(join(folder, "deeper", ".hidden.wav"), "no sound");
    const drop = await dragOver(page, folder);
    await page.locator(".page.dragging").waitFor();
    await drop();
    await page.getByText("2 of 2 heard").waitFor();
    expect(await page.locator(".page.dragging").count()).toBe(0);
    const csv = (await savedText(page, "Save the files as CSV")).trimEnd().split("\r\n").slice(1);
    expect(csv.map((line) => line.split(",").slice(0, 3)).sort()).toEqual([
      ["dropped/deeper/down/8_ann_0.wav", "done", "8"],
      ["dropped/two.wav", "done", "2"],
    ]);
  });

  it("says so where there is no sound in a folder", async () => {
    const { page } = open;
    const folder = join(browser.folder, "empty");
    mkdirSync(folder);
    const drop = await dragOver(page, folder);
    await drop();
    await page.getByTestId("notice").getByText("That is not a sound file").waitFor();
  });

  it("keeps settings that another tab has changed", async () => {
    const { page } = open;
    const other = await page.context().newPage();
    await other.goto(browser.url);
    const stopping = "Stop by itself after speech";
    await other.getByLabel("Options", { exact: true }).click();
    await other.getByRole("switch", { name: stopping }).uncheck();
    await page.getByLabel("Options", { exact: true }).click();
    await expect.poll(() => page.getByRole("switch", { name: stopping }).isChecked(), PATIENT).toBe(false);
    await page.getByRole("switch", { name: stopping }).check();
    await expect.poll(() => other.getByRole("switch", { name: stopping }).isChecked(), PATIENT).toBe(true);
    await other.close();
  });

  it("keeps the history in the browser where the reader wants that, and no longer than that", async () => {
    const { page } = open;
    await show1660();
    await page.getByRole("switch", { name: "Keep it in this browser" }).check();
    await expect.poll(countSaved, PATIENT).toBe(1);
    await page.reload();
    await page.getByRole("button", { name: "Open 1660.wav: 1 6 6 0" }).click();
    await expect.poll(() => page.getByTestId("number").count(), PATIENT).toBe(1);
    expect(await shownNumber(page)).toBe("1660");
    await page.getByRole("switch", { name: "Keep it in this browser" }).uncheck();
    await expect.poll(countSaved, PATIENT).toBe(0);
  });

  async function show1660(): Promise<void> {
    await chooseFiles(open.page, join(browser.folder, "1660.wav"));
    await waitForAnswers(open.page, 1);
    expect(await shownNumber(open.page)).toBe("1660");
  }

  function topBar(): Promise<string> {
    return open.page.locator(".bar.top .bar-label").innerText();
  }

  async function countSaved(): Promise<number> {
    // To open a database that is not there would make an empty one.
    const names = await open.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    if (!names.includes("spoken-digits")) return 0;
    return open.page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open("spoken-digits");
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const database = opening.result;
            const counting = database.transaction("history").objectStore("history").count();
            counting.onsuccess = () => {
              database.close();
              resolve(counting.result);
            };
          };
        }),
    );
  }
});
