import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { decodedOnce } from "./decoded-cache.ts";

const SAMPLES = [Float32Array.of(0.1, -0.5), Float32Array.of(), Float32Array.of(1)];
let folder: string;
let paths: string[];
const decode = vi.fn(async () => SAMPLES);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "spoken-digits-decoded-"));
  vi.stubEnv("SPOKEN_DIGITS_CACHE", join(folder, "cache"));
  paths = ["a", "b", "c"].map((name) => join(folder, name));
  for (const path of paths) await writeFile(path, path);
  decode.mockClear();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function onlyFile(): Promise<string> {
  const names = await readdir(join(folder, "cache/decoded"));
  expect(names).toHaveLength(1);
  return join(folder, "cache/decoded", names[0]!);
}

it("decodes once and gives the same samples afterwards", async () => {
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
  expect(decode).toHaveBeenCalledTimes(1);
});

it.each<[string, () => Promise<unknown>]>([
  [
    "of another size",
    () => writeFile(paths[1]!, "longer than it was before, much longer than any path here"),
  ],
  ["of another time", () => utimes(paths[1]!, 1, 1)],
])("decodes again where a file is %s", async (_, change) => {
  await decodedOnce(paths, decode);
  await change();
  await decodedOnce(paths, decode);
  expect(decode).toHaveBeenCalledTimes(2);
});

it.each([0, 32, 60, -1])("builds a damaged cache anew (byte %d)", async (place) => {
  await decodedOnce(paths, decode);
  const file = await onlyFile();
  const bytes = await readFile(file);
  bytes[(place + bytes.length) % bytes.length]! ^= 1;
  await writeFile(file, place < 0 ? bytes.subarray(0, 20) : bytes);
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
  expect(decode).toHaveBeenCalledTimes(2);
});

it("decodes where the cache folder cannot be written", async () => {
  vi.stubEnv("SPOKEN_DIGITS_CACHE", paths[0]!);
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
});

it("does not keep what failed", async () => {
  await expect(decodedOnce(paths, () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  expect(await decodedOnce(paths, decode)).toEqual(SAMPLES);
});
