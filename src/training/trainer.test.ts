import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpClips } from "../../test/support/made-up-clips.ts";
import { CheckpointError, InvalidArgumentError } from "../errors.ts";
import { modelPath } from "../load-models.ts";
import type { Weights } from "../model/layers.ts";
import { createRecipe } from "./recipe.ts";
import { type TrainingRecord, train } from "./trainer.ts";

const RECIPE = createRecipe("compact", { steps: 6, batchSize: 12, groupSize: 4 });
const DATA = { train: madeUpClips(2), validation: madeUpClips(1) };
const EVERY_STEP = { record: 1, validation: 3, checkpoint: 2 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainer-"));
});
afterAll(() => rm(folder, { recursive: true }));

const flat = (weights: Weights) => [...weights].map(([name, { data }]) => [name, ...data]);

describe("train", () => {
  it("gives the same weights with one worker as with three", async () => {
    const [one, three] = [
      await train(RECIPE, { ...DATA, workers: 1 }),
      await train(RECIPE, { ...DATA, workers: 3 }),
    ];
    expect(flat(one)).toEqual(flat(three));
  });

  it("gives other weights for another seed", async () => {
    const other = await train({ ...RECIPE, seed: 2 }, { ...DATA, workers: 1 });
    expect(flat(other)).not.toEqual(flat(await train(RECIPE, { ...DATA, workers: 1 })));
  });

  it("learns: the loss on clips it has seen falls, and validation rises above chance", async () => {
    const records: TrainingRecord[] = [];
    const recipe = createRecipe("compact", { steps: 60, batchSize: 20, groupSize: 10, emaDecay: 0.8 });
    await train(recipe, {
      ...DATA,
      intervals: { record: 20, validation: 60, checkpoint: 60 },
      onRecord: (record) => void records.push(record),
    });
    expect(records.map(({ step }) => step)).toEqual([20, 40, 60]);
    expect(records[2]!.loss).toBeLessThan(records[0]!.loss);
    expect(records[2]!.validationAccuracy).toBeGreaterThan(0.3);
  });

  it("starts from the weights that another training came to", async () => {
    const checkpointPath = join(folder, "start.onnx");
    const first = await train(RECIPE, { ...DATA, checkpointPath, workers: 1 });
    const still = { ...RECIPE, steps: 1, learningRate: 1e-12, emaDecay: 0 };
    const [anew, onwards] = [
      await train(still, { ...DATA, workers: 1 }),
      await train(still, { ...DATA, workers: 1, startFrom: checkpointPath }),
    ];
    const weightOf = (weights: Weights) => [...weights.get("conv1.weight")!.data];
    weightOf(onwards).forEach((value, i) => {
      expect(value).toBeCloseTo(weightOf(first)[i]!, 6);
    });
    expect(weightOf(onwards)).not.toEqual(weightOf(anew));
  });

  it("refuses to start from no checkpoint, from one of another net, or from what is none", async () => {
    const checkpointPath = join(folder, "compact.onnx");
    await train({ ...RECIPE, steps: 1 }, { ...DATA, checkpointPath, workers: 1 });
    const from = (startFrom: string, recipe = RECIPE) => train(recipe, { ...DATA, workers: 1, startFrom });
    await expect(from(join(folder, "nowhere.onnx"))).rejects.toThrow(CheckpointError);
    const standard = createRecipe("standard", { steps: 1, batchSize: 4, groupSize: 4 });
    await expect(from(checkpointPath, standard)).rejects.toThrow(/needs \d+ numbers.* it is of another net/);
    await expect(from(modelPath("stream"))).rejects.toThrow(/stream.onnx: .* it is of another net/);
  });

  it("refuses to go on from a checkpoint of another recipe, or from a damaged one", async () => {
    const checkpointPath = join(folder, "refused.onnx");
    const options = { ...DATA, checkpointPath, resume: true, workers: 1, intervals: EVERY_STEP };
    await train({ ...RECIPE, steps: 2 }, options);
    await expect(train(RECIPE, options)).rejects.toThrow(/another recipe or other recordings/);
    await writeFile(checkpointPath, (await readFile(checkpointPath)).subarray(0, 5000));
    const damaged = train(RECIPE, options);
    await expect(damaged).rejects.toThrow(CheckpointError);
    await expect(damaged).rejects.toMatchObject({ code: "checkpoint-format" });
  });

  it("fails with the worker's own error where there is nothing to train on", async () => {
    await expect(train(RECIPE, { ...DATA, train: {}, workers: 1 })).rejects.toThrow(
      /digits must hold at least one clip/,
    );
  });
});

describe("a run killed with no warning", () => {
  it("goes on from its checkpoint to the weights of an unbroken run, and leaves no half-written file", async () => {
    const [broken, whole] = await Promise.all(["broken", "whole"].map((name) => mkdtemp(join(folder, name))));
    const unbroken = runScript(whole!);
    await killAtStep(broken!, 11);
    expect(await readdir(broken!)).toEqual(["checkpoint.onnx"]);
    const resumed = await runScript(broken!, "--resume");
    expect(resumed[0]).toMatch(/^step 9 /);
    const steps = (await unbroken).slice(8);
    expect(resumed).toEqual(steps);
    expect(resumed.at(-1)).toMatch(/^weights [0-9a-f]{64}$/);
  });
});

describe("createRecipe", () => {
  it.each([
    [{ steps: 0 }, "recipe: steps must be a whole number >= 1, got 0"],
    [{ batchSize: 50 }, "recipe: batchSize must be a multiple of groupSize 32, got 50"],
    [{ learningRate: Number.NaN }, "recipe: learningRate must be > 0, got NaN"],
    [{ seed: 0.5 }, "recipe: seed must be a whole number, got 0.5"],
    [{ emaDecay: 1 }, "recipe: emaDecay must be in [0, 1), got 1"],
  ])("rejects %o", (changes, message) => {
    expect(() => createRecipe("compact", changes)).toThrow(new InvalidArgumentError(message));
  });
});

const SCRIPT = fileURLToPath(new URL("../../test/runtime/resumable-run.ts", import.meta.url));

const start = (runFolder: string, ...args: string[]) =>
  spawn(process.execPath, ["--import", "tsx", SCRIPT, runFolder, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

/** The lines that a run prints to its end. */
async function runScript(runFolder: string, ...args: string[]): Promise<string[]> {
  const child = start(runFolder, ...args);
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return text.trim().split("\n");
}

async function killAtStep(runFolder: string, step: number): Promise<void> {
  const child = start(runFolder);
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes(`step ${step} `)) child.kill("SIGKILL");
  }
}
