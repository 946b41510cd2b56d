// npx tsx test/web/soak-live.ts [MINUTES]: leaves the page listening (five minutes unless said otherwise) to a made-up
// microphone that says digits, and prints what it measured: memory, long tasks, delays, and whether it let go.

import type { Page } from "playwright-core";
import { countStringErrors } from "../../src/evaluation/string-errors.ts";
import { startBrowser } from "./browser-fixture.ts";
import { exportedAnswers, sayDigits } from "./page-actions.ts";
import { heapBytes, watchCalm, watchMicrophone } from "./page-probes.ts";

const minutes = Number(process.argv[2] ?? 5);
const print = (line: string) => process.stdout.write(`${line}\n`);

const said = "0123456789";
const browser = await startBrowser(await sayDigits([...said].map(Number), 600));
const { page, close } = await browser.open({ permissions: ["microphone"] }, watchCalm, watchMicrophone);
await page.getByRole("button", { name: "Keep listening" }).click();
await page.locator(".number-digit").nth(4).waitFor();

const delays: number[] = [];
const longTasks: number[] = [];
print("minute  heap of the main thread, MB");
for (let half = 0; half <= minutes * 2; half++) {
  // Those before the first are the start of the page.
  if (half > 0) longTasks.push(...(await page.evaluate(() => window.longTasks)));
  print(`${(half / 2).toFixed(1).padStart(6)}  ${((await heapBytes(page)) / 1e6).toFixed(2)}`);
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    window.longTasks = []; // to collect garbage is one
  });
  delays.push(...(await shownDelays(page)));
  if (half < minutes * 2) await page.waitForTimeout(30_000);
}
await page.getByRole("button", { name: "Stop listening" }).click();
await page.locator(".entry").first().waitFor();
const open = await page.evaluate(() => window.openResources());
const answers = await exportedAnswers(page);

// What is said goes round and round, and began anywhere. A digit that was missed moves the others up: it is a deletion,
// and an insertion at the end.
const heard = answers.at(-1)!.digits;
const expected = said.repeat(30).slice(Number(heard[0])).slice(0, heard.length);
const { substitutions, deletions, insertions } = countStringErrors(expected, heard);
print(`digits kept: ${heard.length}, errors: ${substitutions + Math.max(deletions, insertions)}`);
print(
  `from the end of a digit to its answer, ms, one digit each half minute: median ${median(delays)}, most ${Math.max(...delays)}`,
);
print(`tasks over 50 ms on the main thread: ${longTasks.length} (${longTasks.join(", ")} ms)`);
print(`still open after stopping: ${open.tracks} tracks, ${open.contexts} audio contexts`);
await close();
await browser.close();

async function shownDelays(from: Page): Promise<number[]> {
  return [Number(await from.locator(".number-words").getAttribute("data-delay-ms"))];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
