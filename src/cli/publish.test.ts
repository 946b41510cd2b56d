import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GOOD_TOKEN, type HubFixture, READ_TOKEN, serveHub } from "../../test/support/hub-server.ts";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { makeModelReport } from "../../test/support/made-up-report.ts";
import { makeCliFolder, runCli } from "../../test/support/run-cli.ts";
import { writeModelReport } from "../evaluation/model-report.ts";
import { readModelInfo } from "../model/model-metadata.ts";

const model = madeUpModel({ training: { corpora: ["fsdd", "asterisk"] }, threshold: 0.4 });
const files = ["ATTRIBUTION.md", "LICENSE", "README.md", "config.json", "onnx", "preprocessor_config.json"];

let folder = "";

beforeAll(async () => {
  folder = makeCliFolder();
  writeFileSync(join(folder, "mine.onnx"), model);
  writeFileSync(join(folder, "bare.onnx"), model);
  await writeModelReport(join(folder, "mine.report.json"), makeModelReport(model, readModelInfo(model)));
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: readonly string[], env?: Record<string, string>) =>
  runCli(args, { cwd: folder, env: { HF_TOKEN: "", HF_ENDPOINT: "", ...env } });

describe("card", () => {
  test("prints the card with the figures of the report beside the model", async () => {
    const { exitCode, stdout, stderr } = await run(["card", "--model", "mine.onnx"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^---\nlanguage:/);
    expect(stdout).toContain("# spoken-digits-mine");
    expect(stdout).toContain("model-index");
  });

  test("writes it into a file, with the figures of the report named", async () => {
    const { stdout } = await run([
      "card",
      "--model",
      "bare.onnx",
      "--report",
      "mine.report.json",
      "--out",
      "bare.md",
    ]);
    expect(stdout).toBe("");
    expect(readFileSync(join(folder, "bare.md"), "utf8")).toContain("model-index");
  });

  test("does without figures where there is no report", async () => {
    expect((await run(["card", "--model", "bare.onnx"])).stdout).not.toContain("model-index");
  });

  test.each([
    [["--model", "text.wav"], 1, "no ONNX file"],
    [["--model", "missing.onnx"], 1, "missing.onnx: there is none"],
    [["--model", "untrained.onnx"], 1, "its metadata must list in training.corpora"],
    [["--model", "mine.onnx", "--report", "missing.json"], 1, "missing.json: there is none"],
    [
      ["--model", "untrained.onnx", "--report", "mine.report.json"],
      2,
      "it was measured of a model file with",
    ],
    [["--model", "mine.onnx", "--out", "no/where.md"], 1, "cannot write no/where.md"],
  ])("%j ends with %i", async (args, exitCode, message) => {
    const result = await run(["card", ...args]);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(result.stderr).toContain(message);
  });
});

describe("publish --folder", () => {
  test("writes the files and uploads nothing", async () => {
    const { exitCode, stdout, stderr } = await run(["publish", "--model", "mine.onnx", "--folder", "out"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^onnx/model\\.onnx +${model.length} bytes$`, "m"));
    expect(stdout).toMatch(/\nwritten to out\n$/);
    expect(readdirSync(join(folder, "out")).sort()).toEqual(files);
    expect(readFileSync(join(folder, "out", "LICENSE"), "utf8")).toMatch(/^MIT License/);
    expect(readFileSync(join(folder, "out", "ATTRIBUTION.md"), "utf8")).toContain("Allison Smith");
  });
});

describe("publish --repo", () => {
  let hub: HubFixture;
  beforeEach(async () => {
    hub = await serveHub({ transfer: "xet" });
  });
  afterEach(() => hub.close());

  const publish = (args: readonly string[], token = GOOD_TOKEN) =>
    run(["publish", "--model", "mine.onnx", ...args], { HF_TOKEN: token, HF_ENDPOINT: hub.url });

  test("uploads the files and says where they are", async () => {
    const { exitCode, stdout, stderr } = await publish(["--repo", "ann/digits", "--private"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`published at ${hub.url}/ann/digits\n`);
    const repository = hub.repositories.get("ann/digits")!;
    expect(repository).toMatchObject({ visibility: "private", commits: ["Upload spoken-digits-mine"] });
    expect([...repository.files.keys(), "onnx"].sort()).toEqual(files);
    expect(repository.files.get("README.md")!.toString()).toContain('"ann/digits"');
    expect(repository.largeFiles.get("onnx/model.onnx")).toMatchObject({ size: model.length });
  });

  test.each([
    ["no token", "", 1, "HF_TOKEN"],
    ["a token that may not write", READ_TOKEN, 1, "the token may not write to ann/digits"],
  ])("with %s, ends with one line that says so", async (_title, token, exitCode, message) => {
    const result = await publish(["--repo", "ann/digits"], token);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(result.stderr).toContain(message);
    expect(hub.repositories.size).toBe(0);
  });

  test("without a network, ends with one line that says so", async () => {
    await hub.close();
    const result = await publish(["--repo", "ann/digits"]);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/^spoken-digits: .+ cannot be reached: .+\n$/);
  });

  test.each([
    [[], "expected --repo OWNER/NAME or --folder PATH"],
    [["--repo", "digits"], 'repo must be OWNER/NAME, got "digits"'],
    [["--repo", "a/b", "--folder", "x"], "cannot be used with"],
    [["--private", "--folder", "x"], "cannot be used with"],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stderr } = await publish(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(folder, "x"))).toBe(false);
    expect(hub.requests).toEqual([]);
  });
});
