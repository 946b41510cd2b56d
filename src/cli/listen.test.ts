import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLI, makeCliFolder, runCli } from "../../test/support/run-cli.ts";
import { SPOKEN_RATE, sayString } from "../../test/support/spoken-strings.ts";
import { encodeWav } from "../audio/encode-wav.ts";
import { resample } from "../audio/resample.ts";
import type { DigitEvent } from "../live/digit-event.ts";

const LINE = /^\d {3}[ \d]{3}\.\d % {3}\d+\.\d\d - \d+\.\d\d s$/;

let folder = "";
let spoken: Float32Array;

beforeAll(async () => {
  folder = makeCliFolder();
  spoken = await sayString("73");
});

afterAll(() => rmSync(folder, { recursive: true }));

function listen(args: readonly string[], input?: Uint8Array) {
  return runCli(["listen", ...args], { cwd: folder, input });
}

function s16le(samples: Float32Array): Uint8Array {
  return new Uint8Array(Int16Array.from(samples, (sample) => sample * 32_767).buffer);
}

function at(sampleRate: number): Float32Array {
  return resample(spoken, { sourceRate: SPOKEN_RATE, targetRate: sampleRate });
}

describe("listen", () => {
  test("prints a line for each digit: how sure it is and when it was said", async () => {
    const { exitCode, stdout, stderr } = await listen([], s16le(at(16_000)));
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => line[0])).toEqual(["7", "3"]);
    for (const line of lines) expect(line).toMatch(LINE);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("takes floats at another rate, and prints JSON", async () => {
    const bytes = new Uint8Array(at(44_100).buffer);
    const { stdout } = await listen(["--format", "f32le", "--rate", "44100", "--json"], bytes);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as DigitEvent);
    expect(events.map(({ digit }) => digit)).toEqual([7, 3]);
    expect(events[0]).toEqual({
      id: 0,
      status: "firm",
      digit: 7,
      confidence: expect.any(Number),
      rivals: expect.any(Array),
      startMs: expect.any(Number),
      endMs: expect.any(Number),
    });
  });

  test("passes over the header of a recorder that writes one, and a last sample cut in two", async () => {
    const wav = encodeWav(at(16_000), { sampleRate: 16_000 });
    const plain = await listen(["--json"], wav.subarray(44));
    expect(await listen(["--json"], wav)).toEqual(plain);
    expect(await listen(["--json"], Buffer.concat([wav, Uint8Array.of(1)]))).toEqual(plain);
  });

  test("keeps to the threshold", async () => {
    expect((await listen(["--threshold", "1"], s16le(at(16_000)))).stdout).toBe("");
  });

  test("mentions digits before they are certain where that is asked for", async () => {
    const { stdout } = await listen(["--expect", "numbers", "--tentative", "--json"], s16le(at(16_000)));
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { digit: number; status: string });
    expect(events[0]).toMatchObject({ digit: 7, status: "tentative" });
    const firm = events.filter(({ status }) => status === "firm");
    expect(firm.map(({ digit }) => digit)).toEqual([7, 3]);
  });

  test("prints a digit while its input goes on, and the last one when it ends", async () => {
    const seven = s16le(await sayString("7"));
    const three = s16le((await sayString("3")).subarray(0, -0.95 * SPOKEN_RATE));
    const { child, nextLine } = start(["--rate", String(SPOKEN_RATE)]);
    child.stdin.write(seven);
    expect(await nextLine()).toMatch(/^7 /);
    child.stdin.end(three);
    expect(await nextLine()).toMatch(/^3 /);
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("ends cleanly on Ctrl+C", async () => {
    const { child, nextLine } = start(["--rate", String(SPOKEN_RATE)]);
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdin.write(s16le(await sayString("7")));
    expect(await nextLine()).toMatch(/^7 /);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(stderr).toBe("");
  });

  test("ends quietly without input", async () => {
    expect(await listen([], new Uint8Array(0))).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  test.each([
    [["--rate", "0"], "It must be a whole number from 1."],
    [["--rate", "1000000"], "sourceRate must be a whole number of Hz"],
    [["--format", "mp3"], "Allowed choices are s16le, f32le."],
    [["--expect", "words"], "Allowed choices are digits, numbers, any."],
    [["--length", "3-x"], "length must be 1 to 32 digits"],
    [["--threshold", "x"], "It must be a number from 0 to 1."],
    [["microphone"], "too many arguments"],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stdout, stderr } = await listen(args);
    expect(stderr).toMatch(/^spoken-digits: .+\n$/);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test("says what is wrong with input that is something else", async () => {
    const other = await listen([], encodeWav(spoken, { sampleRate: SPOKEN_RATE }));
    expect(other.stderr).toMatch(
      /^spoken-digits: expected s16le samples at 16000 Hz.*at 8000 Hz.*--rate.*\n$/,
    );
    expect(other.exitCode).toBe(2);
    const notANumber = await listen(["--format", "f32le"], new Uint8Array(4000).fill(0xff));
    expect(notANumber.stderr).toMatch(/^spoken-digits: sample 0 is NaN\n$/);
    expect(notANumber.exitCode).toBe(1);
  });

  test.each([
    ["tagged-stereo.mp3", "MP3"],
    ["mono-44100.ogg", "Ogg"],
    ["mono-8000.flac", "FLAC"],
    ["mono-44100.m4a", "MP4/M4A"],
    ["live.webm", "WebM/Matroska"],
    ["mono-16000.aac", "AAC (ADTS)"],
    ["README.md", "text"],
  ])("says that %s is no samples", async (name, kind) => {
    const file = readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url));
    const { exitCode, stdout, stderr } = await listen([], file);
    expect(stderr).toContain(`expected raw samples, got what looks like ${kind}; transcribe hears files`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  test.skipIf(!hasScript())("says what to pipe into it where its input is a terminal", () => {
    const command = `"${process.execPath}" "${CLI}" listen; echo exit $?`;
    const output = execFileSync("script", ["-qec", command, "/dev/null"], { cwd: folder, encoding: "utf8" });
    expect(output).toMatch(/got a terminal; pipe a recorder into it: arecord .* \| spoken-digits listen\r\n/);
    expect(output).toContain("exit 2");
  });

  test("--help shows examples", async () => {
    expect((await listen(["--help"])).stdout).toContain("Examples:\n  arecord");
  });
});

function start(args: readonly string[]): {
  child: ChildProcessWithoutNullStreams;
  nextLine: () => Promise<string>;
} {
  const child = spawn(process.execPath, [CLI, "listen", ...args], { cwd: folder });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, nextLine: async () => (await lines.next()).value };
}

/** Whether there is the command that gives a program a terminal, as on Linux. */
function hasScript(): boolean {
  try {
    return execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux");
  } catch {
    return false;
  }
}
