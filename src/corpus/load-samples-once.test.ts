import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FileError } from "../errors.ts";
import { loadSamples, loadSamplesOnce } from "./load-samples.ts";

const SEVEN = fileURLToPath(new URL("../../fixtures/samples/7.wav", import.meta.url));

test("decodes each recording once, also when its file is gone since", async () => {
  const folder = await mkdtemp(join(tmpdir(), "load-once-"));
  const path = join(folder, "7.wav");
  await copyFile(SEVEN, path);
  const recording = { path };
  const [first, again] = await loadSamplesOnce([recording, recording]);
  await rm(folder, { recursive: true });
  const [later] = await loadSamplesOnce([recording]);
  expect([again, later]).toEqual([first, first]);
  expect(later).toBe(first);
  expect([first]).toEqual(await loadSamples([{ path: SEVEN }]));
  await expect(loadSamplesOnce([{ path }])).rejects.toThrow(FileError);
});
