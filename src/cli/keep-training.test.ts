import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandLine } from "./keep-training.ts";

const SCRIPT = fileURLToPath(new URL("../../test/runtime/kept-run.ts", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keep-training-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a training that is interrupted", () => {
  it("keeps what was trained, says how to go on, and comes to the log and weights of an unbroken one", async () => {
    const [broken, whole] = [join(folder, "broken"), join(folder, "whole")];
    const unbroken = await run(whole);
    const interrupted = await run(broken, [], (child) => child.kill("SIGINT"));
    expect(interrupted.exitCode).toBe(130);
    expect(interrupted.errors).toContain("Once more ends at once");
    expect(interrupted.errors).toContain(
      `What was trained is in ${join(broken, "checkpoint.onnx")}. To go on: kept-run ${broken} --resume`,
    );
    expect((await readdir(broken)).sort()).toEqual(["checkpoint.onnx", "log.jsonl"]);
    const resumed = await run(broken, ["--resume"]);
    expect(resumed.lines.length).toBeGreaterThan(1);
    expect(unbroken.lines.slice(-resumed.lines.length)).toEqual(resumed.lines);
  });

  it("ends at once when it is interrupted again", async () => {
    const ended = await run(join(folder, "twice"), [], async (child) => {
      child.kill("SIGINT");
      await once(child.stderr!, "data");
      child.kill("SIGINT");
    });
    expect(ended.exitCode === null || ended.exitCode === 130).toBe(true);
  });
});

describe("a training in the folder of another", () => {
  it("ends with exit code 2 while that is at work, and after it without --resume", async () => {
    const taken = join(folder, "taken");
    const first = await run(taken, [], async (child) => {
      const second = await run(taken);
      expect(second).toMatchObject({ exitCode: 2, lines: [] });
      expect(second.errors).toContain("is at work in the folder");
      child.kill("SIGTERM");
    });
    expect(first.exitCode).toBe(130);
    const third = await run(taken);
    expect(third).toMatchObject({ exitCode: 2, lines: [] });
    expect(third.errors).toContain("--resume");
  });
});

describe("commandLine", () => {
  it("leaves out how the training began, and quotes what a shell would take apart", () => {
    const args = ["train", "--overwrite", "--folder", "runs/my run", "--resume", "--seed", "2"];
    expect(commandLine("spoken-digits", args)).toBe("spoken-digits train --folder 'runs/my run' --seed 2");
  });
});

/** Runs the training to its end. @param onRecord Called once, at the first record. */
async function run(
  runFolder: string,
  args: readonly string[] = [],
  onRecord: (child: ChildProcess) => unknown = () => undefined,
): Promise<{ exitCode: number | null; lines: string[]; errors: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, runFolder, ...args]);
  const texts = { output: "", errors: "" };
  let called: unknown;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (texts.output === "") called = onRecord(child);
    texts.output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.errors += text;
  });
  const [exitCode] = (await once(child, "close")) as [number | null];
  await called;
  return { exitCode, lines: texts.output.trim().split("\n").filter(Boolean), errors: texts.errors };
}
