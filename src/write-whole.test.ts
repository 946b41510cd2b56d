import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileError } from "./errors.ts";
import { writeWhole } from "./write-whole.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "write-whole-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("writes in place of what was there, and leaves nothing beside it", async () => {
  const path = join(folder, "a.txt");
  await writeFile(path, "old");
  await writeWhole(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["a.txt"]);
});

test("where the place is taken by a folder, says so and leaves nothing beside it", async () => {
  const path = join(folder, "taken");
  await mkdir(path);
  await expect(writeWhole(path, Uint8Array.of(1))).rejects.toThrow(FileError);
  await expect(writeWhole(path, Uint8Array.of(1))).rejects.toThrow(path);
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("names the missing folder's file", async () => {
  const path = join(folder, "missing", "a.txt");
  await expect(writeWhole(path, "")).rejects.toThrow(`cannot write ${path}: its folder is not there`);
});
