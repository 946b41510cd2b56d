import { readFile } from "node:fs/promises";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpClips } from "../../test/support/made-up-clips.ts";
import { modelPath } from "../load-models.ts";
import { CLASS_COUNT } from "../model/architectures.ts";
import { createClassifier } from "../model/classifier.ts";
import { WINDOW_SAMPLES } from "../model/log-mel.ts";
import { createBatchSource } from "./arithmetic/batch-source.ts";
import { drawBatch, type TrainingBatch } from "./arithmetic/draw-batch.ts";
import { createTeacher } from "./classifier-drawer.ts";
import { DEFAULT_AUGMENTATION } from "./recipe.ts";

const COUNT = 6;
let model: Uint8Array;
/** What the teacher says of each window by itself, [COUNT][CLASS_COUNT]. */
let answers: number[][];

function mixedBatch(): TrainingBatch {
  const settings = { ...DEFAULT_AUGMENTATION, mixupProbability: 1 };
  const source = createBatchSource({ data: madeUpClips(1), seed: 3, settings });
  return drawBatch(source, { step: 0, batchSize: COUNT, nMels: 4, nFrames: 4 });
}

const rowOf = (values: Float32Array, i: number) => [
  ...values.subarray(i * CLASS_COUNT, (i + 1) * CLASS_COUNT),
];

beforeAll(async () => {
  model = await readFile(modelPath("compact"));
  const classifier = await createClassifier(ort, model);
  const { samples } = mixedBatch();
  const windows = Array.from({ length: COUNT }, (_, i) =>
    samples.slice(i * WINDOW_SAMPLES, (i + 1) * WINDOW_SAMPLES),
  );
  const predictions = await classifier.classifyBatch(windows, { sampleRate: 8000 });
  answers = predictions.map(({ probs, noneProb }) => [...probs, noneProb]);
  await classifier.release();
});

describe("createTeacher", () => {
  it("moves each target by its share towards its answers, mixed as the examples are", async () => {
    const teacher = await createTeacher(ort, model, 0.25);
    afterAll(() => teacher.release());
    const [hard, soft] = [mixedBatch(), mixedBatch()];
    expect([...hard.mixWeights].some((weight) => weight < 0.999)).toBe(true);
    await teacher.softenInPlace(soft);
    for (let i = 0; i < COUNT; i++) {
      const [weight, partner] = [hard.mixWeights[i]!, answers[hard.permutation[i]!]!];
      const mixed = answers[i]!.map((own, k) => weight * own + (1 - weight) * partner[k]!);
      const target = rowOf(soft.targets, i);
      rowOf(hard.targets, i).forEach((label, k) => {
        expect(target[k]).toBeCloseTo(0.75 * label + 0.25 * mixed[k]!, 5);
      });
      expect(target.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
  });

  it("changes nothing with a share of 0", async () => {
    const teacher = await createTeacher(ort, model, 0);
    const [hard, soft] = [mixedBatch(), mixedBatch()];
    await teacher.softenInPlace(soft);
    await teacher.release();
    expect(soft.targets).toEqual(hard.targets);
  });
});
