import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpClips } from "../../test/made-up-clips.ts";
import { CheckpointError, InvalidArgumentError } from "../errors.ts";
import { architecture } from "../model/architectures.ts";
import type { Weights } from "../model/layers.ts";
import { averageRuns } from "./average-runs.ts";
import { createRecipe } from "./recipe.ts";
import { buildStepGraph } from "./step-graph.ts";
import { train } from "./trainer.ts";

const stepOf = (name: string) => buildStepGraph(architecture(name), { batchSize: 1, warpFactors: [1] });
const DATA = { train: madeUpClips(1), validation: { clips: [], labels: [] }, workers: 1 };

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
    const mean = await averageRuns(
      runs.map(({ checkpoint }) => checkpoint),
      stepOf("compact"),
    );
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
    const step = stepOf("compact");
    await expect(averageRuns([], step)).rejects.toThrow(InvalidArgumentError);
    await expect(averageRuns([join(folder, "3.onnx")], step)).rejects.toThrow(CheckpointError);
    await expect(averageRuns([runs[0]!.checkpoint], stepOf("standard"))).rejects.toThrow(/of another net/);
  });
});
