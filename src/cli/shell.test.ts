// The command line in a shell: completion, and names that a terminal should not see.

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCliFolder, type RunOptions, runCli, SAMPLE } from "../../test/support/run-cli.ts";

let folder = "";
const model = "untrained.onnx";

beforeAll(() => {
  folder = makeCliFolder();
});

afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], options: Omit<RunOptions, "cwd"> = {}) {
  return runCli(args, { cwd: folder, ...options });
}

describe("complete", () => {
  const completed = async (...words: string[]) =>
    (await run(["complete", "--", ...words])).stdout.trim().split("\n");

  test("names commands, options and choices", async () => {
    expect(await completed("transc")).toEqual([expect.stringMatching(/^transcribe\t\w/), ":4"]);
    expect(await completed("predict", "--mo")).toEqual([expect.stringMatching(/^--model\t\w/), ":4"]);
    expect(await completed("predict", "--format", "")).toEqual(["text", "json", "csv", ":4"].map(startsWith));
  });

  test("leaves the names of files to the shell", async () => {
    expect(await completed("predict", "")).toEqual([":0"]);
    expect(await completed("predict", "--model", "")).toEqual([":0"]);
  });

  test.each(["bash", "zsh", "fish", "powershell"])(
    "prints the script for %s, and no other",
    async (shell) => {
      const { exitCode, stdout } = await run(["complete", shell]);
      expect(stdout).toMatch(/spoken-digits complete '?--/);
      expect(exitCode).toBe(0);
      expect(await run(["complete", "csh"])).toMatchObject({ exitCode: 2, stdout: "" });
    },
  );

  test("works in bash", async () => {
    const { stdout } = await run(["complete", "bash"]);
    writeFileSync(join(folder, "complete.bash"), stdout);
    const result = spawnSync("bash", ["-c", "source complete.bash && complete -p spoken-digits"], {
      cwd: folder,
    });
    expect(result.stdout.toString()).toContain("-o default -F __spoken_digits_complete");
  });

  const startsWith = (text: string) => expect.stringMatching(new RegExp(`^${text}`)) as string;
});

describe("names with control characters", () => {
  const name = "clips/a\u001b[31mred\u0007\u202e.wav";
  const shown = "clips/a\\u001b[31mred\\u0007\\u202e.wav";

  test("are shown as JSON writes them, by each command and in each error", async () => {
    writeFileSync(join(folder, name), readFileSync(SAMPLE));
    for (const args of [["predict"], ["predict", "--model", model], ["transcribe"]]) {
      const { stdout, stderr } = await run([...args, name, `no${name}`]);
      expect(stdout.startsWith(shown)).toBe(true);
      expect(stderr).toBe(`spoken-digits: no${shown}: there is no such file\n`);
    }
    rmSync(join(folder, name));
  });

  test("stay as they are for programs", async () => {
    const { stdout } = await run(["predict", "--json", name]);
    expect(JSON.parse(stdout).file).toBe(name);
  });
});
