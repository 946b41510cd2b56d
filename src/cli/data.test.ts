import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ArchiveServer,
  answerWith,
  ESC10_ARCHIVE,
  makeArchive,
  serveArchive,
} from "../../test/support/corpus-archives.ts";
import { makeSmallCorpora } from "../../test/support/made-up-corpora.ts";
import { makeCliFolder, runCli } from "../../test/support/run-cli.ts";

let folder = "";
let data = "";
let server: ArchiveServer;

beforeAll(async () => {
  folder = makeCliFolder();
  data = await makeSmallCorpora();
  server = await serveArchive(answerWith(await makeArchive(ESC10_ARCHIVE)));
}, 600_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
  rmSync(data, { recursive: true });
});

const run = (args: readonly string[], cache = "cache") =>
  runCli(["data", ...args], {
    cwd: folder,
    env: {
      SPOKEN_DIGITS_CACHE: join(folder, cache),
      SPOKEN_DIGITS_SPEECH_COMMANDS_URL: server.url,
      SPOKEN_DIGITS_ESC10_URL: server.url,
    },
  });

describe("data --corpus", () => {
  test("says of every corpus in a folder where it is and what is in it", async () => {
    const { exitCode, stdout, stderr } = await run(["--data", data, "--corpus", "all"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n\n")).toHaveLength(7);
    expect(stdout).toMatch(/corpus +Free Spoken Digit Dataset\n.*\nrecordings +3\n/);
    expect(stdout).toMatch(/recordings +4 of digits, 4 of other words\nspeakers +3\n/);
    expect(stdout).toMatch(
      /official split +2 for training, 4 for validation, 0 for testing\nheld out +2 of words/,
    );
    expect(stdout).toMatch(/kinds +1 \(rain\)\nsplit +1 for training, 1 for testing\n/);
    expect(stdout).toMatch(
      /recordings +2, and 0 left out .*\nspeakers +2\nsplit +1 for training, 1 for testing\n/,
    );
  });

  test("takes several names, in the order of the help", async () => {
    const { stdout } = await run(["--data", data, "--corpus", "esc10", "fsdd"]);
    expect(stdout.match(/^corpus.*$/gm)).toEqual([
      "corpus          Free Spoken Digit Dataset",
      "corpus          ESC-10",
    ]);
  });

  test("counts broken recordings", async () => {
    const { stdout } = await run(["--data", data, "--corpus", "fsdd", "--check"]);
    expect(stdout).toMatch(/broken +1 of 3: 0 near-silent, 0 steady, 1 duplicate, 0 contradicting\n$/);
  });

  test("goes on past a corpus that is not there where all are asked for, not where it is named", async () => {
    const here = join(data, "fsdd");
    expect((await run(["--data", here, "--corpus", "all"])).stdout).toMatch(/corpus +esc10 is not there\n/);
    expect(await run(["--data", here, "--corpus", "esc10"])).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test("fetches ESC-10 into the cache", async () => {
    const { exitCode, stdout } = await run(["--corpus", "esc10"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/recordings +400\n/);
    expect(readdirSync(join(folder, "cache"))).toEqual(["esc10"]);
  });

  test.each([
    ["0.02", "af14739ee7dc"],
    ["0.01", "743935421bb5"],
  ])("takes no other archive for Speech Commands %s", async (version, digest) => {
    const args = ["--corpus", "speech-commands", "--speech-commands-version", version];
    const { exitCode, stderr } = await run(args, "other-cache");
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`expected an archive with the SHA-256 ${digest}`);
  });

  test.each([
    [
      ["--corpus", "librispeech"],
      "Allowed choices are fsdd, esc10, speech-commands, other-speech, speech-commands-more, connected, speech, all",
    ],
    [["--speech-commands-version", "3"], "Allowed choices are 0.02, 0.01"],
  ])("%j is bad usage", async (args, message) => {
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
