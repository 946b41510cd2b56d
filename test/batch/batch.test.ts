import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCliFolder, runCli, SAMPLE } from "../support/run-cli.ts";
import { startS3 } from "../support/s3-stand-in.ts";
import { linesOf, makeRecordings, startCli, until } from "./batch-fixture.ts";

/** How many recordings are heard through kills: 20000 for the run that docs/results/batch.txt tells of. */
const N_RECORDINGS = Number(process.env.SPOKEN_DIGITS_BATCH ?? 150);
const N_KILLS = N_RECORDINGS >= 1000 ? 10 : 3;

let folder = "";

beforeAll(() => {
  folder = makeCliFolder();
});

afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runCli(["batch", ...args], { cwd: folder });
const at = (name: string) => join(folder, name);
const filesOf = (name: string) =>
  linesOf(at(name)).map((line) => (JSON.parse(line) as { file: string }).file);

async function tarOf(names: readonly string[]): Promise<Uint8Array> {
  const body = readFileSync(SAMPLE);
  return packTar(names.map((name) => ({ header: { name, size: body.length, type: "file" as const }, body })));
}

describe("sources", () => {
  test("files, folders, patterns, lists and archives: each recording has one line, wherever it is named", async () => {
    writeFileSync(at("list.txt"), `clips/a.wav\n\n${SAMPLE}\n`);
    const long = `${"deep/".repeat(40)}ü.wav`;
    writeFileSync(at("calls.tar"), await tarOf(["x.wav", "notes.txt", long]));
    writeFileSync(at("calls.tgz"), gzipSync(await tarOf(["y.wav", "notes.txt"])));
    const sources = ["clips", "clips/*.wav", "@list.txt", "calls.tar", "calls.tgz", "fsdd/**/*_[0-2].wav"];
    const { exitCode, stdout } = await run(...sources, "--out", "sources.jsonl");
    expect(stdout).toMatch(/^10 recordings, 0 of them failed; .+: sources\.jsonl\n$/);
    expect(filesOf("sources.jsonl").sort()).toEqual(
      [
        ...["clips/a.wav", "clips/b.wav", "clips/deeper/c.WAV", SAMPLE],
        ...["calls.tar!/x.wav", `calls.tar!/${long}`, "calls.tgz!/y.wav"],
        ...[0, 1, 2].map((take) => `fsdd/recordings/7_ann_${take}.wav`),
      ].sort(),
    );
    const digits = linesOf(at("sources.jsonl")).map((line) => (JSON.parse(line) as { digit: number }).digit);
    expect(new Set(digits)).toEqual(new Set([7]));
    expect(exitCode).toBe(0);
  });

  test("what cannot be read has a line that says why, and ends nothing", async () => {
    writeFileSync(at("cut.tar"), (await tarOf(["a.wav", "b.wav"])).subarray(0, 20_000));
    const { exitCode } = await run(
      "missing.wav",
      "text.wav",
      "empty",
      "cut.tar",
      "no*.wav",
      "--out",
      "bad.csv",
    );
    const lines = linesOf(at("bad.csv"));
    expect(lines.sort()).toEqual([
      expect.stringMatching(/^cut\.tar!\/a\.wav,7,/),
      "cut.tar,,,,,file-unreadable",
      "empty,,,,,file-unreadable",
      "file,digit,confidence,none,string,error",
      "missing.wav,,,,,file-unreadable",
      "no*.wav,,,,,file-unreadable",
      "text.wav,,,,,audio-unrecognised",
    ]);
    expect(exitCode).toBe(0);
  });

  test("objects in S3 are listed page by page and heard by their names", async () => {
    const objects = new Map(Array.from({ length: 12 }, (_, i) => [`2026/${i}.wav`, readFileSync(SAMPLE)]));
    objects.set("2026/notes.txt", Buffer.from("no audio"));
    const s3 = await startS3(objects);
    const args = ["batch", "s3://calls/2026/", "s3://calls/none.wav", "--out", "s3.jsonl"];
    const { exitCode } = await runCli(args, { cwd: folder, env: s3.env });
    s3.stop();
    const lines = linesOf(at("s3.jsonl")).map((line) => JSON.parse(line));
    expect(lines.filter(({ digit }) => digit === 7)).toHaveLength(12);
    expect(lines.find(({ error }) => error)).toEqual({
      file: "s3://calls/none.wav",
      error: { code: "file-unreadable", message: "there is no such object" },
    });
    expect(exitCode).toBe(0);
  });
});

describe("the result", () => {
  test("has the lines of predict, but for the time", async () => {
    await run("clips", "--out", "same.jsonl");
    const { stdout } = await runCli(["predict", "--json", "clips"], { cwd: folder });
    const predicted = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const lines = linesOf(at("same.jsonl")).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const { ms: _, ...expected } = predicted.find(({ file }) => file === line.file);
      expect(line).toEqual(expected);
    }
  });

  test("with --task number has the strings of transcribe", async () => {
    await run(SAMPLE, "--task", "number", "--expect", "digits", "--length", "1", "--out", "numbers.csv");
    expect(linesOf(at("numbers.csv"))).toEqual([
      "file,digits,confidence,duration_ms,error",
      expect.stringMatching(/7\.wav,7,0\.\d{4},\d+,$/),
    ]);
  });

  test("that is there is not lost unasked", async () => {
    writeFileSync(at("kept.jsonl"), '{"file":"x.wav"}\n');
    const { exitCode, stderr } = await run("clips", "--out", "kept.jsonl");
    expect(stderr).toBe(
      "spoken-digits: kept.jsonl is there: --resume goes on with it, --overwrite begins anew\n",
    );
    expect({ exitCode, lines: linesOf(at("kept.jsonl")) }).toEqual({
      exitCode: 2,
      lines: ['{"file":"x.wav"}'],
    });
    await run("clips", "--out", "kept.jsonl", "--overwrite");
    expect(filesOf("kept.jsonl")).not.toContain("x.wav");
  });

  test.each([
    [["clips"], "--out must end in .jsonl or .csv"],
    [["--out", "x.jsonl"], "there is no source"],
    [["--status"], "--status needs --queue"],
    [["s3://", "--out", "x.jsonl"], "expected s3://bucket/prefix"],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

test(`${N_RECORDINGS} recordings through ${N_KILLS} kills have the lines of an unbroken run, each once`, async () => {
  const recordings = at("many");
  mkdirSync(recordings);
  makeRecordings(recordings, N_RECORDINGS);
  const unbroken = await run("many", "--out", "unbroken.jsonl");
  expect(unbroken.exitCode).toBe(0);
  const out = at("killed.jsonl");
  for (let kill = 0; kill < N_KILLS; kill++) {
    const before = linesOf(out).length;
    const batch = startCli(["batch", recordings, "--out", out, "--resume"]);
    const target = before + Math.ceil(Math.random() * (N_RECORDINGS / (N_KILLS + 1)));
    await until(() => linesOf(out).length >= Math.min(target, N_RECORDINGS));
    batch.child.kill("SIGKILL");
    await batch.exit;
  }
  expect(await startCli(["batch", recordings, "--out", out, "--resume"]).exit).toBe(0);
  const relative = linesOf(out).map((line) => line.replace(`${folder}/`, ""));
  expect(relative).toHaveLength(N_RECORDINGS);
  expect(relative.sort()).toEqual(linesOf(at("unbroken.jsonl")).sort());
}, 3_600_000);
