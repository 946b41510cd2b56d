// The command line as its users meet it: a process with arguments, output and an exit code.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { makeCliFolder, type RunOptions, runCli, SAMPLE } from "../../test/support/run-cli.ts";
import { ERROR_CODES } from "../errors.ts";

let folder = "";
const model = "untrained.onnx";

beforeAll(() => {
  folder = makeCliFolder();
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], options: Omit<RunOptions, "cwd"> = {}) {
  return runCli(args, { cwd: folder, ...options });
}

function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("help", () => {
  test.each([
    ["predict"],
    ["train"],
    ["evaluate"],
    ["robustness"],
    ["card"],
    ["publish"],
    ["data"],
    ["info"],
  ])("%s --help shows examples", async (command) => {
    const { exitCode, stdout, stderr } = await run([command, "--help"]);
    expect(stdout).toContain(`Usage: spoken-digits ${command}`);
    expect(stdout).toContain(`Examples:\n  spoken-digits ${command}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("--version prints the version of the package", async () => {
    const stdout = `${packageJson.version}\n`;
    expect(await run(["--version"])).toEqual({ exitCode: 0, stdout, stderr: "" });
  });

  test("no command at all is bad usage and shows the help", async () => {
    const { exitCode, stderr } = await run([]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Usage: spoken-digits");
  });
});

describe("bad usage", () => {
  test.each([
    [["predict"], "missing required argument 'files'"],
    [["predict", "--nope", "x.wav"], "unknown option '--nope'"],
    [["predict", "--jsn", "x.wav"], "unknown option '--jsn' (Did you mean --json?)"],
    [["predict", "--threshold", "2", "x.wav"], "It must be a number from 0 to 1, strict, balanced, lenient."],
    [["predict", "--threshold", "", "x.wav"], "It must be a number from 0 to 1, strict, balanced, lenient."],
    [["evaluate", "--data", "x", "--manifest", "y"], "cannot be used with"],
    [["train", "--architecture", "huge"], "Allowed choices are compact, standard, stream."],
    [["train", "--augmentation", "rough"], "Allowed choices are full, gentle."],
    [["train", "--steps", "0"], "It must be a whole number from 1."],
    [["train", "--seed", "x"], "It must be a number."],
    [["train", "--protocol", "fsdd-loso", "--out", "x.onnx"], "fsdd-loso trains several models"],
    [["train", "--voices", "voices"], "--voices: fsdd-official trains on FSDD alone"],
    [["sing"], "unknown command 'sing'"],
  ])("%j ends with 2 and one line that says why", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect(stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });
});

describe("predict", () => {
  test("prints one aligned line a file: digit, confidence, time", async () => {
    const { exitCode, stdout, stderr } = await run(["predict", "--model", model, "clips/a.wav", SAMPLE]);
    const [first, second] = stdout.trimEnd().split("\n");
    expect(first).toMatch(/^clips\/a\.wav {3,}\d {3} *\d+\.\d % {3}\d+\.\d ms$/);
    expect(second?.startsWith(`${SAMPLE}   `)).toBe(true);
    expect(first?.search(/ \d /)).toBe(second?.search(/ \d /));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("with --json prints file, digit, confidence, probs, none, the string of several digits, and ms", async () => {
    const { exitCode, stdout } = await run(["predict", "--json", "--model", model, SAMPLE]);
    const [answer, ...rest] = jsonLines(stdout);
    expect(Object.keys(answer!)).toEqual(["file", "digit", "confidence", "probs", "none", "string", "ms"]);
    expect(answer).toMatchObject({ file: SAMPLE, none: null });
    const probs = answer!.probs as number[];
    expect(probs).toHaveLength(10);
    expect(probs[answer!.digit as number]).toBe(answer!.confidence);
    expect({ exitCode, rest }).toEqual({ exitCode: 0, rest: [] });
  });

  test("says why there is no digit: null in JSON, in words otherwise", async () => {
    const args = ["predict", "--model", model, "--threshold", "1", "clips/a.wav"];
    expect((await run(args)).stdout).toBe("clips/a.wav   none (uncertain)\n");
    expect(jsonLines((await run([...args, "--json"])).stdout)).toMatchObject([
      { digit: null, none: "uncertain" },
    ]);
  });

  test("answers digital silence with none (silence), also after trimming", async () => {
    const silence = readFileSync(SAMPLE).fill(0, 44);
    const { exitCode, stdout } = await run(["predict", "--model", model, "-"], { input: silence });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "-   none (silence)\n" });
  });

  test("--denoise and --no-trim change what the model gets to hear", async () => {
    const probsWith = async (...options: string[]) => {
      const { stdout } = await run(["predict", "--json", "--model", model, ...options, SAMPLE]);
      return jsonLines(stdout)[0]!.probs;
    };
    const plain = await probsWith();
    expect(await probsWith("--denoise")).not.toEqual(plain);
    expect(await probsWith("--no-trim")).not.toEqual(plain);
  });

  test("reads standard input as the file of the same bytes", async () => {
    const args = ["predict", "--json", "--model", model];
    const [fromFile] = jsonLines((await run([...args, SAMPLE])).stdout);
    const [fromInput] = jsonLines((await run([...args, "-"], { input: readFileSync(SAMPLE) })).stdout);
    expect(fromInput).toEqual({ ...fromFile, file: "-", ms: fromInput!.ms });
  });

  test("takes all audio files of a folder and below, sorted, without hidden and other files", async () => {
    const { stdout } = await run(["predict", "--json", "--model", model, "clips"]);
    const files = jsonLines(stdout).map(({ file }) => file);
    expect(files).toEqual(["clips/a.wav", "clips/b.wav", "clips/deeper/c.WAV"]);
  });

  test("goes on after files that cannot be read and ends with 1", async () => {
    const files = ["missing.wav", "text.wav", "empty", "clips/a.wav"];
    const { exitCode, stdout, stderr } = await run(["predict", "--model", model, ...files]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^clips\/a\.wav .+\n$/);
    expect(stderr.trimEnd().split("\n")).toEqual([
      "spoken-digits: missing.wav: there is no such file",
      expect.stringMatching(/^spoken-digits: text\.wav: no audio format known here/),
      "spoken-digits: empty: the folder holds no audio files",
    ]);
  });

  test("with --json names the code of each failure in its place", async () => {
    const { exitCode, stdout, stderr } = await run([
      "predict",
      "--json",
      "--model",
      model,
      "text.wav",
      "no",
      SAMPLE,
    ]);
    const lines = jsonLines(stdout);
    expect(lines[0]).toEqual({
      file: "text.wav",
      error: { code: "audio-unrecognised", message: expect.any(String) },
    });
    expect(lines[1]).toMatchObject({ file: "no", error: { code: "file-unreadable" } });
    expect(lines[2]).toMatchObject({ file: SAMPLE, none: null });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });

  test("refuses a file that is no model, in one line, with the exit code of its error", async () => {
    const { exitCode, stdout, stderr } = await run(["predict", "--model", SAMPLE, SAMPLE]);
    expect(stderr).toMatch(/^spoken-digits: .*model.*\n$/);
    expect({ exitCode, stdout }).toEqual({ exitCode: ERROR_CODES["model-format"].exitCode, stdout: "" });
  });

  test("ends quietly when the reader of its output has enough", async () => {
    const many = new Array<string>(2000).fill("text.wav");
    const result = await run(["predict", "--json", "--model", model, ...many], { pipeTo: "head -n 1" });
    expect(jsonLines(result.stdout)).toHaveLength(1);
    expect(result.stderr).toBe("");
  });
});

describe("evaluate", () => {
  test("reports on a list of one's own, counts failures and goes on", async () => {
    const list = "path\tlabel\tspeaker\nclips/a.wav\t7\tann\nclips/b.wav\tnone\tann\nmissing.wav\t3\tbob\n";
    writeFileSync(join(folder, "list.tsv"), list);
    const { exitCode, stdout, stderr } = await run([
      "evaluate",
      "--manifest",
      "list.tsv",
      "--json",
      "--model",
      model,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      n: 2,
      digits: { n: 1, bySpeaker: { ann: { n: 1 } } },
      none: { n: 1, falseAccept: 1 },
      failed: { n: 1, files: [{ path: "missing.wav", code: "file-unreadable" }] },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("measures on the official test part: takes 0-4", async () => {
    const { stdout } = await run(["evaluate", "--data", "fsdd", "--model", model, "--svg", "pictures/here"]);
    expect(stdout).toContain("5 clips classified, 0 files failed");
    expect(readFileSync(join(folder, "pictures", "here", "confusion.svg"), "utf8")).toContain("<svg");
  });

  test("ends with 1 when no file of the list can be read, and still reports", async () => {
    writeFileSync(join(folder, "gone.tsv"), "path\tlabel\nmissing.wav\t3\n");
    const { exitCode, stdout } = await run([
      "evaluate",
      "--manifest",
      "gone.tsv",
      "--json",
      "--model",
      model,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ n: 0, failed: { n: 1 } });
    expect(exitCode).toBe(1);
  });

  test("ends with 1 and one line when the list cannot be read", async () => {
    const { exitCode, stderr } = await run(["evaluate", "--manifest", "no.tsv", "--model", model]);
    expect(stderr).toMatch(/^spoken-digits: cannot read no\.tsv.+\n$/);
    expect(exitCode).toBe(1);
  });
});

describe("data", () => {
  test("says where the data set is and what is in it", async () => {
    const { exitCode, stdout } = await run(["data"], { env: { SPOKEN_DIGITS_DATA: folder } });
    expect(stdout).toContain(join(folder, "fsdd", "recordings"));
    expect(stdout).toMatch(
      /recordings +8\nspeakers +1 \(ann\)\nofficial split +3 for training, 5 for testing\n$/,
    );
    expect(exitCode).toBe(0);
  });

  test("ends with 1 and one line when the folder named holds no data set", async () => {
    const { exitCode, stderr } = await run(["data", "--data", "empty"]);
    expect(stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(exitCode).toBe(ERROR_CODES["corpus-missing"].exitCode);
  });

  test("a download that is interrupted ends quietly and leaves nothing", async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/gzip" });
      response.write(Uint8Array.of(0x1f, 0x8b));
    });
    const url = await new Promise<string>((resolve) => {
      server.listen(0, "127.0.0.1", () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    });
    const result = await run(["data"], {
      env: { SPOKEN_DIGITS_CACHE: join(folder, "cache"), SPOKEN_DIGITS_FSDD_URL: url },
      onStart: (interrupt) => server.once("request", () => setTimeout(interrupt, 100)),
    });
    server.closeAllConnections();
    server.close();
    expect(result).toEqual({ exitCode: 130, stdout: "", stderr: "" });
    expect(readdirSync(join(folder, "cache"))).toEqual([]);
  });
});
