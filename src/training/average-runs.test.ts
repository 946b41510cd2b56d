import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpClips } from "../../test/support/made-up-clips.ts";
import { CheckpointError, InvalidArgumentError } from "../errors.ts";
import type { Weights } from "../model/layers.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import { averagedModel, averageRuns } from "./average-runs.ts";
import { createRecipe } from "./recipe.ts";
import { train } from "./trainer.ts";

const DATA = { train: madeUpClips(1), validation: {}, corpora: ["fsdd"], workers: 1 };

let folder: string;
let runs: { checkpoint: string; weights: Weights }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "average-runs-"));
  runs = await Promise.all(
    [1, 2].map(async (seed) => {
      const checkpoint = join(folder, `${seed}.onnx`);
      const recipe = createRecipe("compact", { steps: 1, batchSize: 4, groupSize: 4, seed });
      return { checkpoint, weights: await train(recipe, { ...DATA, checkpointPath: checkpoint }) };
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("averageRuns", () => {
  it("gives the mean of every weight and statistic", async () => {
    const mean = await averageRuns(runs.map(({ checkpoint }) => checkpoint));
    const [one, two] = runs.map(({ weights }) => weights) as [Weights, Weights];
    expect([...mean.keys()]).toEqual([...one.keys()]);
    for (const name of ["conv1.weight", "norm1.variance", "classes.bias"]) {
      const [a, b] = [one.get(name)!.data, two.get(name)!.data];
      mean.get(name)!.data.forEach((value, i) => {
        expect(value).toBeCloseTo((a[i]! + b[i]!) / 2, 6);
      });
    }
  });

  it("refuses no checkpoint, one that is not there, and one of another net", async () => {
    const standard = join(folder, "standard.onnx");
    const recipe = createRecipe("standard", { steps: 1, batchSize: 2, groupSize: 2 });
    await train(recipe, { ...DATA, checkpointPath: standard });
    await expect(averageRuns([])).rejects.toThrow(InvalidArgumentError);
    await expect(averageRuns([join(folder, "3.onnx")])).rejects.toThrow(CheckpointError);
    await expect(averageRuns([runs[0]!.checkpoint, standard])).rejects.toThrow(/of another net/);
  });
});

describe("averagedModel", () => {
  it("makes a model file that tells of its runs and their corpora", async () => {
    const info = readModelInfo(await averagedModel(runs.map(({ checkpoint }) => checkpoint)));
    expect(info.architecture).toBe("compact");
    expect(info.training.runsAveraged).toMatchObject([{ seed: 1 }, { seed: 2 }]);
    expect(info.training.corpora).toEqual(["fsdd"]);
  });
});
