import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { runCli, SAMPLE } from "../../../test/support/run-cli.ts";
import type { Label } from "../engine/utterance.ts";
import type { HistoryEntry } from "./history.ts";
import { zipLabelled } from "./zip-labelled.ts";

const digitPath = (digit: number) => join(dirname(SAMPLE), `${digit}.wav`);
const folder = mkdtempSync(join(tmpdir(), "exported-takes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runCli(args, { cwd: folder });

test("what the page exports of corrected digits is read by teach and evaluate; a take that is wrong is named", async () => {
  const exported = await zipLabelled([corrected(3, 6), corrected(8, 8), corrected(7, 7)]);
  for (const [path, bytes] of Object.entries(unzipSync(new Uint8Array(await exported.arrayBuffer())))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const taught = await run("teach", "--voice", "page.json", "--manifest", "list.tsv");
  expect(taught.stdout).toBe(
    "sounds/6_0003.wav: left out, it sounds like something else than its label\npage.json: 2 of 3 takes\n",
  );
  const report = await run("evaluate", "--voice", "page.json", "--manifest", "list.tsv", "--json");
  expect(JSON.parse(report.stdout)).toMatchObject({ n: 3 });
});

/** A recording of a digit in the page's history, with what its speaker says it is. */
function corrected(digit: number, label: Label): HistoryEntry {
  const place = { digit, label, startMs: 0, endMs: 500, confidence: 0.9, rivals: [] };
  const utterance = {
    digits: [place],
    alternatives: [],
    none: null,
    prediction: null,
    ms: 1,
    provisional: false,
  };
  const wav = new Blob([readFileSync(digitPath(digit))]);
  return { id: digit, name: "a", origin: "file", time: new Date(0), utterance, wav };
}
