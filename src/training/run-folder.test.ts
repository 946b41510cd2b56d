import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TrainingRunError } from "../errors.ts";
import { checkRunFolder, openRunFolder } from "./run-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-folder-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a folder that holds a run", () => {
  it.each(["checkpoint.onnx", "model.onnx", "report.json"])(
    "is refused for the sake of its %s, which stays as it is",
    async (name) => {
      await writeFile(join(folder, name), "an hour of work");
      await expect(openRunFolder(folder, {})).rejects.toThrow(TrainingRunError);
      await expect(openRunFolder(folder, {})).rejects.toMatchObject({
        code: "run-exists",
        message: expect.stringMatching(/--resume.*--overwrite.*--folder/),
      });
      expect(() => checkRunFolder(folder, {})).toThrow(TrainingRunError);
      expect(await readdir(folder)).toEqual([name]);
      expect(await readFile(join(folder, name), "utf8")).toBe("an hour of work");
    },
  );

  it("is taken to go on from it, or to write over it", async () => {
    await writeFile(join(folder, "checkpoint.onnx"), "");
    for (const options of [{ resume: true }, { overwrite: true }]) {
      checkRunFolder(folder, options);
      (await openRunFolder(folder, options))();
    }
  });
});

describe("a folder in which a training is at work", () => {
  it("is refused to another one of the same process until it is given back", async () => {
    const release = await openRunFolder(folder, {});
    await expect(openRunFolder(folder, { resume: true })).rejects.toMatchObject({ code: "run-in-use" });
    release();
    release();
    (await openRunFolder(folder, {}))();
    expect(await readdir(folder)).toEqual([]);
  });

  it("is refused while the process lives that took it, and free once it is killed", async () => {
    const other = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"]);
    await once(other, "spawn");
    await writeFile(join(folder, "training.lock"), JSON.stringify({ pid: other.pid, host: hostname() }));
    await expect(openRunFolder(folder, {})).rejects.toMatchObject({
      code: "run-in-use",
      message: expect.stringContaining(`process ${other.pid}`),
    });
    other.kill("SIGKILL");
    await once(other, "exit");
    (await openRunFolder(folder, {}))();
  });

  it("is refused where another machine took it, or where nobody can tell who did", async () => {
    for (const text of [JSON.stringify({ pid: process.pid, host: "another-machine" }), ""]) {
      await writeFile(join(folder, "training.lock"), text);
      await expect(openRunFolder(folder, {})).rejects.toMatchObject({
        code: "run-in-use",
        message: expect.stringContaining("training.lock"),
      });
    }
  });
});

it("takes away what killed writes left, and nothing else", async () => {
  const names = ["log.jsonl", "checkpoint.onnx.123.tmp", "notes.tmp"];
  for (const name of names) await writeFile(join(folder, name), "");
  (await openRunFolder(folder, {}))();
  expect((await readdir(folder)).sort()).toEqual(["log.jsonl", "notes.tmp"]);
});

it("makes the folder, or says why it cannot", async () => {
  (await openRunFolder(join(folder, "a", "b"), {}))();
  await writeFile(join(folder, "file"), "");
  await expect(openRunFolder(join(folder, "file"), {})).rejects.toMatchObject({ code: "file-unreadable" });
});
