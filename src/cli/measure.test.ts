// measure and tune: what they say where corpora or models are not there. What they print of real ones is in docs/numbers.md.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCli } from "../../test/support/run-cli.ts";

const cwd = mkdtempSync(join(tmpdir(), "measure-test-"));
afterAll(() => rmSync(cwd, { recursive: true }));

const STREAM_MODEL = join(process.cwd(), "models", "stream.onnx");

it.each([["people"], ["streams"]])("measure %s names the corpora that it cannot find", async (what) => {
  const { exitCode, stdout, stderr } = await runCli(["measure", what, "--data", cwd], { cwd });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^spoken-digits: expected fsdd.* found none/);
});

it("measure refuses a way of listening that is none", async () => {
  const { exitCode, stderr } = await runCli(["measure", "people", "--expect", "letters"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("digits, numbers, any");
});

it("tune leaves no file behind where there is nothing to choose by", async () => {
  const args = ["tune", STREAM_MODEL, "--out", "tuned.onnx", "--data", cwd];
  expect(await runCli(args, { cwd })).toMatchObject({ exitCode: 1 });
  expect(readdirSync(cwd)).toEqual([]);
});

it("tune takes stream models alone", async () => {
  const { exitCode, stderr } = await runCli(["tune", "compact", "--out", "tuned.onnx"], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("stream model");
});
