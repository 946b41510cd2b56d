import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCliFolder, runCli } from "../../test/support/run-cli.ts";
import { SPOKEN_RATE, sayString } from "../../test/support/spoken-strings.ts";
import { encodeWav } from "../audio/encode-wav.ts";

let folder = "";

beforeAll(async () => {
  folder = makeCliFolder();
  for (const digits of ["731", "33"]) {
    const bytes = encodeWav(await sayString(digits), { sampleRate: SPOKEN_RATE });
    writeFileSync(join(folder, `${digits}.wav`), bytes);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(list: string, ...args: string[]) {
  writeFileSync(join(folder, "list.tsv"), list);
  return runCli(["evaluate-strings", "--manifest", "list.tsv", ...args], { cwd: folder });
}

describe("evaluate-strings", () => {
  test("with --json prints the figures over all, by corpus and by speaker", async () => {
    const list = "path\tdigits\tspeaker\tcorpus\n731.wav\t7-3-1\tann\thome\n33.wav\t8333\tbob\thome\n";
    const { exitCode, stdout, stderr } = await run(list, "--json");
    const { durationMs, ...report } = JSON.parse(stdout);
    const wrong = {
      n: 1,
      digitErrorRate: 0.5,
      stringAccuracy: 0,
      substitutions: 0,
      deletions: 2,
      insertions: 0,
    };
    expect(report).toEqual({
      n: 2,
      nDigits: 7,
      digitErrorRate: 2 / 7,
      stringAccuracy: 0.5,
      substitutions: 0,
      deletions: 2,
      insertions: 0,
      byCorpus: { home: expect.objectContaining({ n: 2, digitErrorRate: 2 / 7 }) },
      bySpeaker: {
        ann: expect.objectContaining({ n: 1, digitErrorRate: 0, stringAccuracy: 1 }),
        bob: expect.objectContaining(wrong),
      },
      failed: { n: 0, files: [] },
    });
    expect(durationMs).toBeGreaterThan(7000);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  test("prints tables, and counts what was made up where nothing is said", async () => {
    const { exitCode, stdout } = await run("path\tdigits\n33.wav\t\n731.wav\t731\n");
    expect(stdout).toContain("Digits: 3, error rate 66.67 % (0 substituted, 0 deleted, 2 inserted)\n");
    expect(stdout).toContain(
      "Heard wrong: 1 recording\n  spoken  heard  recording\n  -       33     33.wav\n",
    );
    expect(exitCode).toBe(0);
  });

  test("hears no digit that is less sure than the threshold", async () => {
    const { stdout } = await run("path\tdigits\n33.wav\t33\n", "--threshold", "1", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ digitErrorRate: 1, deletions: 2 });
  });

  test("lists files that cannot be read, goes on, and ends with 1", async () => {
    const list = "path\tdigits\nmissing.wav\t1\ntext.wav\t2\n33.wav\t33\n";
    const { exitCode, stdout } = await run(list, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      n: 1,
      stringAccuracy: 1,
      failed: {
        n: 2,
        files: [
          { path: "missing.wav", code: "file-unreadable" },
          { path: "text.wav", code: "audio-unrecognised" },
        ],
      },
    });
    expect(exitCode).toBe(1);
  });

  test("ends with one line about a list that is not as expected", async () => {
    const { exitCode, stderr } = await run("path\tdigits\na.wav\tseven\n");
    expect(stderr).toMatch(/^spoken-digits: list\.tsv, line 2: .*got "seven"\n$/);
    expect(exitCode).toBe(1);
  });

  test("needs a list, and shows examples", async () => {
    const { exitCode, stderr } = await runCli(["evaluate-strings"], { cwd: folder });
    expect(stderr).toContain("required option '--manifest <list>' not specified");
    expect(exitCode).toBe(2);
    const { stdout } = await runCli(["evaluate-strings", "--help"], { cwd: folder });
    expect(stdout).toContain("Examples:\n  spoken-digits evaluate-strings");
  });
});
