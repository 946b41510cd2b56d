import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeWav } from "../audio/encode-wav.ts";
import { recordingsOf } from "./dataset.ts";
import { loadDatasets } from "./load-samples.ts";
import { classOf, type Recording } from "./recording.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dataset-"));
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
  const { digits } = await loadDatasets([{ role: "digits", recordings }]);
  expect(digits!.samples.map((clip) => clip[200]!.toFixed(2))).toEqual(["0.50", "0.25", "-0.50"]);
  expect(digits!.labels).toEqual([7, 10, 0]);
  expect(digits!.speakers).toEqual([0, 1, 0]);
});

test("speakers of one name in two corpora are two", async () => {
  const recordings = [
    await recording("d", { label: 1, speaker: "anna", corpus: "one" }, 0.5),
    await recording("e", { label: 2, speaker: "anna", corpus: "two" }, 0.5),
  ];
  expect((await loadDatasets([{ role: "digits", recordings }])).digits!.speakers).toEqual([0, 1]);
});

test("datasets of one role are put one after another, those of others stay apart", async () => {
  const [one, two, three] = [
    await recording("f", { label: 1, speaker: "anna", corpus: "one" }, 0.5),
    await recording("g", { label: "none", speaker: "rain", corpus: "noises" }, 0.25),
    await recording("h", { label: 2, speaker: "anna", corpus: "one" }, -0.5),
  ];
  const datasets = [
    { role: "digits", recordings: [one] },
    { role: "noise", recordings: [two] },
    { role: "digits", recordings: [three] },
  ] as const;
  expect(recordingsOf(datasets, "digits")).toEqual([one, three]);
  const clips = await loadDatasets(datasets);
  expect(Object.keys(clips)).toEqual(["digits", "noise"]);
  expect(clips.digits).toMatchObject({ labels: [1, 2], speakers: [0, 0] });
  expect(clips.noise!.labels).toEqual([10]);
});

test("classes are the ten digits, then none", () => {
  expect(([0, 9, "none"] as const).map((label) => classOf({ label }))).toEqual([0, 9, 10]);
});
