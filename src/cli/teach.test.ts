import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Label } from "../web/engine/utterance.ts";
import type { HistoryEntry } from "../web/state/history.ts";
import { zipLabelled } from "../web/state/zip-labelled.ts";
import { runCli, SAMPLE } from "./cli-fixture.ts";

const digitPath = (digit: number) => join(dirname(SAMPLE), `${digit}.wav`);
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "teach-"));
  const rows = [0, 1, 2, 7].map((digit) => `${digitPath(digit)}\t${digit}`);
  writeFileSync(join(folder, "takes.tsv"), `path\tlabel\n${rows.join("\n")}\n${digitPath(4)}\tnone\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runCli(args, { cwd: folder });

test("teach writes a profile that predict and evaluate use", async () => {
  const taught = await run("teach", "--voice", "me.json", "--manifest", "takes.tsv");
  expect(taught).toEqual({ exitCode: 0, stdout: "me.json: 4 of 4 takes\n", stderr: "" });
  expect(JSON.parse(readFileSync(join(folder, "me.json"), "utf8"))).toMatchObject({ name: "me", version: 1 });
  const [plain, own] = [
    await run("predict", "--json", SAMPLE),
    await run("predict", "--json", "--voice", "me.json", SAMPLE),
  ];
  expect(JSON.parse(own.stdout).confidence).toBeGreaterThan(JSON.parse(plain.stdout).confidence);
  const report = await run("evaluate", "--voice", "me.json", "--manifest", "takes.tsv", "--json");
  expect(JSON.parse(report.stdout)).toMatchObject({ n: 5 });
});

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
  return { id: digit, name: "a", origin: "record", time: new Date(0), utterance, wav };
}

test.each([
  ["a profile that is none", "takes.tsv", 1, "no JSON"],
  ["a profile that is not there", "nowhere.json", 1, "cannot read nowhere.json"],
])("predict refuses %s", async (_, voice, exitCode, words) => {
  const refused = await run("predict", "--voice", voice, SAMPLE);
  expect(refused).toMatchObject({ exitCode });
  expect(refused.stderr).toContain(words);
});
