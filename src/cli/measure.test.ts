// measure and tune: what they say where corpora or models are not there. What they print of real ones is in docs/numbers.md.

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCli } from "../../test/support/run-cli.ts";

const cwd = mkdtempSync(join(tmpdir(), "measure-test-"));
afterAll(() => rmSync(cwd, { recursive: true }));

const STREAM_MODEL = join(process.cwd(), "models", "stream.onnx");

it.each([["people"], ["streams"], ["clips"], ["voices"]])(
  "measure %s names the corpora that it cannot find",
  async (what) => {
    const { exitCode, stdout, stderr } = await runCli(["measure", what, "--data", cwd], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^spoken-digits: .*expected fsdd.*found n/);
  },
);

it("measure negatives has a row for each voice and one for all", async () => {
  const voices = join(cwd, "voices");
  for (const digit of [1, 2]) {
    mkdirSync(join(voices, `voice-${digit}`), { recursive: true });
    copyFileSync(`fixtures/samples/${digit}.wav`, join(voices, `voice-${digit}`, "a.wav"));
  }
  const { stdout } = await runCli(["measure", "negatives", voices, "--json"], { cwd });
  const counts = { recordings: 1, predicted: 1, emitted: 1 };
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ voice: "voice-1", ...counts }),
    expect.objectContaining({ voice: "voice-2", ...counts }),
    expect.objectContaining({ voice: "all", recordings: 2, predicted: 2, emitted: 2 }),
  ]);
  rmSync(voices, { recursive: true });
});

it("measure refuses a way of listening that is none", async () => {
  const { exitCode, stderr } = await runCli(["measure", "people", "--expect", "letters"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("digits, numbers, any");
});

it.each([[STREAM_MODEL], ["compact"]])(
  "tune %s leaves no file where there is nothing to choose by",
  async (model) => {
    const args = ["tune", model, "--out", "tuned.onnx", "--data", cwd];
    const { exitCode, stderr } = await runCli(args, { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^spoken-digits: expected fsdd.* found none/);
    expect(readdirSync(cwd)).toEqual([]);
  },
);
