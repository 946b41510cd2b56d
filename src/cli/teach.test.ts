import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli, SAMPLE } from "../../test/support/run-cli.ts";

const digitPath = (digit: number) => join(dirname(SAMPLE), `${digit}.wav`);
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "teach-"));
  const rows = [0, 1, 2, 7].map((digit) => `${digitPath(digit)}\t${digit}`);
  writeFileSync(join(folder, "takes.tsv"), `path\tlabel\n${rows.join("\n")}\n${digitPath(4)}\tnone\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runCli(args, { cwd: folder });

test("teach writes a profile that predict, evaluate and transcribe use", async () => {
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
  const [heard, heardOwn] = [
    await run("transcribe", "--json", SAMPLE),
    await run("transcribe", "--json", "--voice", "me.json", SAMPLE),
  ].map(({ stdout }) => JSON.parse(stdout).events[0]);
  expect(heardOwn.digit).toBe(heard.digit);
  expect(heardOwn.confidence).not.toBe(heard.confidence);
});

test.each([
  ["a profile that is none", "takes.tsv", 1, "no JSON"],
  ["a profile that is not there", "nowhere.json", 1, "cannot read nowhere.json"],
])("predict and transcribe refuse %s", async (_, voice, exitCode, words) => {
  for (const command of ["predict", "transcribe"]) {
    const refused = await run(command, "--voice", voice, SAMPLE);
    expect(refused).toMatchObject({ exitCode });
    expect(refused.stderr).toContain(words);
  }
});
