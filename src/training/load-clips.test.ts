import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import type { Recording } from "../corpus/recording.ts";
import { classOf, loadClips } from "./load-clips.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "load-clips-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function recording(name: string, of: Omit<Recording, "path">, level: number): Promise<Recording> {
  const path = join(folder, `${name}.wav`);
  await writeFile(path, encodeWav(new Float32Array(400).fill(level), { sampleRate: 8000 }));
  return { path, ...of };
}

test("samples, classes and speakers in the order of the recordings", async () => {
  const recordings = [
    await recording("a", { label: 7, speaker: "anna", corpus: "one" }, 0.5),
    await recording("b", { label: "none", speaker: "bert", corpus: "one" }, 0.25),
    await recording("c", { label: 0, speaker: "anna", corpus: "one" }, -0.5),
  ];
  const { clips, labels, speakers } = await loadClips(recordings);
  expect(clips.map((clip) => clip[200]!.toFixed(2))).toEqual(["0.50", "0.25", "-0.50"]);
  expect(labels).toEqual([7, 10, 0]);
  expect(speakers).toEqual([0, 1, 0]);
});

test("speakers of one name in two corpora are two", async () => {
  const recordings = [
    await recording("d", { label: 1, speaker: "anna", corpus: "one" }, 0.5),
    await recording("e", { label: 2, speaker: "anna", corpus: "two" }, 0.5),
  ];
  expect((await loadClips(recordings)).speakers).toEqual([0, 1]);
});

test("classes are the ten digits, then none", () => {
  expect(([0, 9, "none"] as const).map(classOf)).toEqual([0, 9, 10]);
});
