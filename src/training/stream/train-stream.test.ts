import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpWords } from "../../../test/made-up-words.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { readStreamModelInfo } from "../../live/stream-metadata.ts";
import { readCheckpointCorpora, readCheckpointRecipe } from "../checkpoint.ts";
import type { TrainingClips } from "../group-step.ts";
import { createStreamRecipe } from "./stream-recipe.ts";
import { type StreamTrainingOptions, trainStreamModel } from "./train-stream.ts";

const DIGITS = madeUpWords(2).filter(({ digit }) => digit !== null);
const CLIPS: TrainingClips = {
  clips: DIGITS.map(({ samples }) => samples),
  labels: DIGITS.map(({ digit }) => digit!),
  speakers: DIGITS.map(({ speaker }) => Number(speaker.slice(-1))),
};
const RECIPE = createStreamRecipe({ steps: 4, batchSize: 4, groupSize: 2 });
const INTERVALS = { record: 2, validation: 2, checkpoint: 2 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "train-stream-"));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (name: string, options: Partial<StreamTrainingOptions> & { steps?: number } = {}) => {
  const { steps = RECIPE.steps, ...others } = options;
  const clips = { train: CLIPS, validation: CLIPS, corpora: ["fsdd", "voices"] };
  return trainStreamModel({ ...RECIPE, steps }, clips, {
    folder: join(folder, name),
    intervals: INTERVALS,
    ...others,
  });
};

describe("trainStreamModel", () => {
  it("gives the same model with one worker and with two, and writes its log and curves", async () => {
    const [one, two] = [await run("one", { workers: 1 }), await run("two", { workers: 2 })];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
    expect((await readFile(join(folder, "one", "model.onnx"))).equals(Buffer.from(one))).toBe(true);
    const lines = (await readFile(join(folder, "one", "log.jsonl"), "utf8")).trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(records.map(({ step }) => step)).toEqual([2, 4]);
    for (const { loss, validationAccuracy } of records) {
      expect(loss).toBeGreaterThan(0);
      expect(validationAccuracy).toBeGreaterThanOrEqual(0);
      expect(validationAccuracy).toBeLessThanOrEqual(1);
    }
    expect(await readFile(join(folder, "one", "curves.svg"), "utf8")).toContain("<svg");
    expect(readStreamModelInfo(one).training).toMatchObject({
      kind: "stream",
      steps: 4,
      corpora: ["fsdd", "voices"],
    });
    expect(await readCheckpointCorpora(join(folder, "one", "checkpoint.onnx"))).toEqual(["fsdd", "voices"]);
    expect(await readCheckpointRecipe(join(folder, "one", "checkpoint.onnx"))).toEqual(RECIPE);
  });

  it("goes on from its checkpoint, and refuses one of another recipe", async () => {
    const model = await run("again", { workers: 1 });
    expect(Buffer.from(await run("again", { workers: 1, resume: true })).equals(Buffer.from(model))).toBe(
      true,
    );
    await expect(run("again", { workers: 1, resume: true, steps: 6 })).rejects.toThrow(/another recipe/);
  });

  it("never starts from the checkpoint that it would write over", async () => {
    await run("kept", { workers: 1 });
    const checkpoint = join(folder, "kept", "checkpoint.onnx");
    const before = await readFile(checkpoint);
    await expect(run("kept", { workers: 1, startFrom: checkpoint })).rejects.toThrow(
      /cannot be started from in its own folder/,
    );
    expect((await readFile(checkpoint)).equals(before)).toBe(true);
    await run("more", { workers: 1, startFrom: checkpoint });
    const corpora = await readCheckpointCorpora(join(folder, "more", "checkpoint.onnx"));
    expect(corpora).toEqual(["fsdd", "voices"]);
  });

  it("begun anew, forgets the checkpoint that was there before its first step", async () => {
    await run("anew", { workers: 1 });
    const stop = new Error("stopped");
    const onRecord = () => {
      throw stop;
    };
    await expect(run("anew", { workers: 1, onRecord })).rejects.toBe(stop);
    await expect(readCheckpointRecipe(join(folder, "anew", "checkpoint.onnx"))).rejects.toThrow(
      /there is none/,
    );
  });

  it("refuses a recipe out of range", () => {
    expect(() => createStreamRecipe({ steps: 0 })).toThrow(InvalidArgumentError);
    expect(() => createStreamRecipe({ batchSize: 33 })).toThrow(InvalidArgumentError);
  });
});
