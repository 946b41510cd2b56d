// info and average as their users meet them: a process with arguments, output and an exit code.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCliFolder, runCli, SAMPLE } from "../../test/support/run-cli.ts";

let folder = "";
const model = "untrained.onnx";

beforeAll(() => {
  folder = makeCliFolder();
});

afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[]) => runCli(args, { cwd: folder });

describe("info", () => {
  test("shows what the model says of itself and what runs it", async () => {
    const { exitCode, stdout } = await run(["info", "--model", model]);
    expect(stdout).toMatch(/architecture +compact, 687,275 parameters\n/);
    expect(stdout).toMatch(/accuracy +12\.50 % {2}fsdd-official\n/);
    expect(stdout).toContain(`node ${process.versions.node}`);
    expect(exitCode).toBe(0);
  });

  test("--json prints one object", async () => {
    const { stdout } = await run(["info", "--json", "--model", model]);
    expect(JSON.parse(stdout)).toMatchObject({
      architecture: "compact",
      trainingData: "nothing yet",
      accuracy: { "fsdd-official": 0.125 },
      versions: { node: process.versions.node },
    });
  });

  test("shows the model for streams by its name, and evaluates it on recordings of one digit", async () => {
    const { stdout } = await run(["info", "--model", "stream"]);
    expect(stdout).toMatch(/architecture +stream, [\d,]+ parameters\n/);
    expect(stdout).not.toContain("classes");
    const list = join(folder, "stream-list.tsv");
    writeFileSync(list, `path\tlabel\n${SAMPLE}\t7\n`);
    const { stdout: report } = await run(["evaluate", "--model", "stream", "--manifest", list, "--json"]);
    expect(JSON.parse(report)).toMatchObject({ failed: { n: 0 } });
  });
});

describe("average", () => {
  test("averages models, and keeps what they say that they were trained on", async () => {
    const averaged = join(folder, "averaged.onnx");
    expect(await run(["average", model, model, "--out", averaged])).toMatchObject({ exitCode: 0 });
    const { stdout } = await run(["info", "--model", averaged, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ architecture: "compact", trainingData: "nothing yet" });
  });

  test("needs models, or checkpoints of a training", async () => {
    const { exitCode, stderr } = await run(["average", SAMPLE, "--out", join(folder, "none.onnx")]);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/start weights .*: the file is damaged/),
    });
  });
});
