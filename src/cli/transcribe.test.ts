import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCliFolder, type RunOptions, runCli, SAMPLE } from "../../test/support/run-cli.ts";
import { SPOKEN_RATE, sayString } from "../../test/support/spoken-strings.ts";
import { encodeWav } from "../audio/encode-wav.ts";
import { ERROR_CODES } from "../errors.ts";
import type { DigitEvent } from "../live/digit-event.ts";

let folder = "";

beforeAll(async () => {
  folder = makeCliFolder();
  const pin = await sayString("7319");
  writeFileSync(join(folder, "pin.wav"), encodeWav(pin, { sampleRate: SPOKEN_RATE }));
  writeFileSync(join(folder, "quiet.wav"), encodeWav(new Float32Array(8000), { sampleRate: SPOKEN_RATE }));
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], options: Omit<RunOptions, "cwd"> = {}) {
  return runCli(["transcribe", ...args], { cwd: folder, ...options });
}

type Line = { file: string; digits: string; events: DigitEvent[] };

function jsonLines(stdout: string): Line[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

describe("transcribe", () => {
  test("prints the string, then each digit with how sure it is and when it was said", async () => {
    const { exitCode, stdout, stderr } = await run(["pin.wav"]);
    const [first, ...digits] = stdout.trimEnd().split("\n");
    expect(first).toBe("pin.wav   7319");
    expect(digits).toHaveLength(4);
    for (const [i, line] of digits.entries()) {
      expect(line).toMatch(/^ {2}\d {3}[ \d]{3}\.\d % {3}\d+\.\d\d - \d+\.\d\d s$/);
      expect(line[2]).toBe("7319"[i]);
    }
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("with --json prints one line a file: the string and its events in order", async () => {
    const { exitCode, stdout } = await run(["--json", "pin.wav", "quiet.wav"]);
    const [pin, quiet] = jsonLines(stdout);
    const alternatives = [{ digits: "7319", confidence: expect.any(Number) }];
    const confidence = expect.any(Number);
    expect(pin).toEqual({
      file: "pin.wav",
      digits: "7319",
      confidence,
      events: expect.any(Array),
      alternatives,
    });
    expect(pin!.events.map(({ digit }) => digit)).toEqual([7, 3, 1, 9]);
    let earlier = 900; // silence goes before
    for (const { startMs, endMs, confidence } of pin!.events) {
      expect(startMs).toBeGreaterThan(earlier);
      expect(endMs).toBeGreaterThan(startMs);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      earlier = endMs;
    }
    expect(quiet).toMatchObject({ file: "quiet.wav", digits: "", events: [] });
    expect(exitCode).toBe(0);
  });

  test("keeps to what is expected, in groups, and lists the likeliest strings", async () => {
    const args = ["--expect", "digits", "--length", "2-2", "--alternatives", "3"];
    const lines = (await run([...args, "pin.wav"])).stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("pin.wav   73-19");
    expect(lines).toHaveLength(1 + 4 + 3);
    for (const line of lines.slice(5)) expect(line).toMatch(/^ {2}[ \d]{3}\.\d % {3}\d{4}$/);
    expect(lines[5]).toMatch(/7319$/);
    const [pin] = jsonLines((await run(["--expect", "numbers", "--json", "pin.wav"])).stdout);
    expect(pin!.digits).toBe("7319");
  });

  test("says so where no digit is said", async () => {
    expect((await run(["quiet.wav"])).stdout).toBe("quiet.wav   no digit\n");
  });

  test("keeps to the threshold and the model it is given", async () => {
    expect((await run(["--threshold", "1", "pin.wav"])).stdout).toBe("pin.wav   no digit\n");
    const { exitCode, stderr } = await run(["--model", SAMPLE, "pin.wav"]);
    expect(stderr).toMatch(/^spoken-digits: .*model.*\n$/);
    expect(exitCode).toBe(ERROR_CODES["model-format"].exitCode);
  });

  test("reads standard input as the file of the same bytes", async () => {
    const [fromFile] = jsonLines((await run(["--json", "pin.wav"])).stdout);
    const input = readFileSync(join(folder, "pin.wav"));
    const [fromInput] = jsonLines((await run(["--json", "-"], { input })).stdout);
    expect(fromInput).toEqual({ ...fromFile, file: "-" });
  });

  test("takes all audio files of a folder and below, sorted", async () => {
    cpSync(join(folder, "quiet.wav"), join(folder, "clips", "quiet.wav"));
    const { stdout } = await run(["--json", "clips"]);
    const files = jsonLines(stdout).map(({ file }) => file);
    expect(files).toEqual(["clips/a.wav", "clips/b.wav", "clips/deeper/c.WAV", "clips/quiet.wav"]);
  });

  test("goes on after files that cannot be read and ends with 1", async () => {
    const files = ["missing.wav", "text.wav", "empty", "quiet.wav"];
    const { exitCode, stdout, stderr } = await run(files);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "quiet.wav   no digit\n" });
    expect(stderr.trimEnd().split("\n")).toEqual([
      "spoken-digits: missing.wav: there is no such file",
      expect.stringMatching(/^spoken-digits: text\.wav: no audio format known here/),
      "spoken-digits: empty: the folder holds no audio files",
    ]);
    const inJson = await run(["--json", ...files]);
    expect(inJson.stderr).toBe("");
    expect(jsonLines(inJson.stdout)).toMatchObject([
      { file: "missing.wav", error: { code: "file-unreadable" } },
      { file: "text.wav", error: { code: "audio-unrecognised" } },
      { file: "empty", error: { code: "file-unreadable" } },
      { file: "quiet.wav", digits: "" },
    ]);
  });

  test("takes recordings of more than ten minutes, and refuses those of more than two hours", async () => {
    const write = (name: string, seconds: number) =>
      writeFileSync(join(folder, name), encodeWav(new Float32Array(seconds * 100), { sampleRate: 100 }));
    write("long.wav", 900);
    write("too-long.wav", 7201);
    const { stdout, stderr } = await run(["long.wav", "too-long.wav"]);
    expect(stdout).toBe("long.wav   no digit\n");
    expect(stderr).toContain("too-long.wav: the audio is 7201.0 s or longer, the limit is 7200 s");
  });

  test.each([
    [[], "missing required argument 'files'"],
    [["--threshold", "2", "pin.wav"], "It must be a number from 0 to 1."],
    [["--expect", "letters", "pin.wav"], "Allowed choices are digits, numbers, any."],
    [["--length", "99", "pin.wav"], "length must be 1 to 32 digits"],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stderr } = await run(args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("--help shows examples", async () => {
    expect((await run(["--help"])).stdout).toContain("Examples:\n  spoken-digits transcribe");
  });
});
