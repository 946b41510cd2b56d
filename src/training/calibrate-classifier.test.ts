import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { madeUpModel } from "../../test/support/made-up-model.ts";
import { encodeWav } from "../audio/encode-wav.ts";
import type { Dataset } from "../corpus/dataset.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import { recalibrated } from "./calibrate-classifier.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "calibrate-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A tone; long enough for pieces where it is fluent. */
async function tone(name: string, { hz, seconds }: { hz: number; seconds: number }): Promise<string> {
  const samples = Float32Array.from(
    { length: 8000 * seconds },
    (_, i) => 0.3 * Math.sin((i * hz * 2 * Math.PI) / 8000) * Math.sin((i * 9) / 8000),
  );
  const path = join(folder, `${name}.wav`);
  await writeFile(path, encodeWav(samples, { sampleRate: 8000 }));
  return path;
}

test("a calibrated classifier tells its operating points, measured on digits, other words and pieces", async () => {
  const of = { speaker: "ann", corpus: "made-up" };
  const digits = [
    { ...of, path: await tone("one", { hz: 300, seconds: 1 }), label: 1 as const },
    { ...of, path: await tone("two", { hz: 500, seconds: 1 }), label: 2 as const },
  ];
  const validation: Dataset[] = [
    { role: "digits", recordings: digits },
    {
      role: "negatives",
      recordings: [{ ...of, path: await tone("no", { hz: 900, seconds: 1 }), label: "none" }],
    },
    {
      role: "fluent",
      recordings: [{ ...of, path: await tone("talk", { hz: 700, seconds: 3 }), label: "none" }],
    },
  ];
  const { model, operatingPoints } = await recalibrated(madeUpModel(), validation, digits);
  const info = readModelInfo(model);
  expect(info.operatingPoints).toEqual(operatingPoints);
  expect([0, 0.5, 1]).toContain(info.accuracy["made-up"]);
  expect(info.threshold).toBe(operatingPoints.balanced.threshold);
  expect(operatingPoints.strict.threshold).toBeGreaterThanOrEqual(operatingPoints.balanced.threshold);
  expect(operatingPoints.strict.falseAccepts).toBeLessThanOrEqual(operatingPoints.lenient.falseAccepts);
});
