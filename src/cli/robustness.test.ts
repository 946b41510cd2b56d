import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { makeCliFolder, runCli } from "../../test/support/run-cli.ts";
import { type ModelReport, readModelReport } from "../evaluation/model-report.ts";

let folder = "";
let data = "";

beforeAll(async () => {
  folder = makeCliFolder();
  data = await makeSmallCorpora();
}, 600_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(data, { recursive: true });
});

const run = (args: readonly string[], env?: Record<string, string>) =>
  runCli(["robustness", "--model", "untrained.onnx", ...args], { cwd: folder, env });

describe("robustness", () => {
  test("prints the report and writes it with its pictures", async () => {
    const files = ["--out", "report", "--report", "untrained.report.json"];
    const { exitCode, stdout, stderr } = await run(["--data", data, ...files]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/speech-commands-validation +3 /);
    expect(stdout).toMatch(/babble +20 dB/);
    expect(readFileSync(join(folder, "report", "robustness.txt"), "utf8")).toBe(stdout);
    expect(readdirSync(join(folder, "report")).sort()).toEqual([
      "fsdd-official.svg",
      "reliability.svg",
      "robustness.json",
      "robustness.txt",
      "speech-commands-validation.svg",
    ]);
    const report = await readModelReport(join(folder, "untrained.report.json"));
    expect(report).toMatchObject({ model: { threshold: 0 }, prepared: { trim: true } });
    expect(JSON.parse(readFileSync(join(folder, "report", "robustness.json"), "utf8"))).toEqual(report);
  });

  test("takes the options off their defaults, and figures of speakers left out", async () => {
    const bySpeaker = { theo: { n: 2, accuracy: 0.5 }, lucas: { n: 9, accuracy: 1 } };
    writeFileSync(join(folder, "left-out.json"), JSON.stringify({ digits: { bySpeaker } }));
    const options = ["--threshold", "1", "--no-trim", "--limit", "1", "--seed", "5", "--json"];
    options.push("--only", "clean, babble");
    const { stdout } = await run([...options, "--left-out", "left-out.json"], { SPOKEN_DIGITS_DATA: data });
    const report = JSON.parse(stdout) as ModelReport;
    expect(report.model.threshold).toBe(1);
    expect(report.prepared).toEqual({ trim: false });
    expect(report.digits["fsdd-official"]).toMatchObject({ n: 2, accepted: 0 });
    expect(report.robustness["fsdd-official"]).toMatchObject({ n: 1, seed: 5 });
    const { rows } = report.robustness["speech-commands-validation"]!;
    expect(new Set(rows.map(({ group }) => group))).toEqual(new Set(["clean"]));
    expect(report.leftOutSpeakers).toEqual({ mean: 0.75, worst: 0.5, bySpeaker: { theo: 0.5, lucas: 1 } });
  });

  test("without ffmpeg, leaves the codecs out and says so", async () => {
    const { exitCode, stdout, stderr } = await run(["--data", data, "--limit", "1", "--codecs"], {
      PATH: "",
    });
    expect(exitCode).toBe(0);
    expect(stderr).toBe("ffmpeg with libmp3lame and libopus is not installed: MP3 and Opus are left out.\n");
    expect(stdout).not.toContain("kbit/s");
  });

  test.each([
    [["--data", "empty"], 1, "corpus-missing", "expected fsdd/recordings"],
    [["--data", "."], 1, "file-unreadable", "is no report of `train --protocol all-loso` or `fsdd-loso`"],
    [
      ["--only", "clean,wind"],
      2,
      "invalid-argument",
      'recorded noise, babble, level, sample rate, mu-law, mp3, opus, reverb, leading silence, speaking rate, got "wind"',
    ],
    [["--only", "clean,mp3"], 2, "invalid-argument", "--only: mp3 needs --codecs"],
    [["--limit", "0"], 2, "invalid-argument", "It must be a whole number from 1."],
    [["--seed", "0.5"], 2, "invalid-argument", "It must be a whole number."],
  ])("%j ends with %i (%s)", async (args, exitCode, _code, message) => {
    const result = await run([...args, "--left-out", "text.wav"]);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(result.stderr).toContain(message);
  });
});
