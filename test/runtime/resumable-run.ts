// A small training in the folder named by the first argument, with frequent checkpoints; `--resume` as the second goes on
// from them. Prints each step, so that a test can kill it in the middle, and at the end a digest of the weights.

import { createHash } from "node:crypto";
import { createRecipe } from "../../src/training/recipe.ts";
import { train } from "../../src/training/trainer.ts";
import { madeUpClips } from "../support/made-up-clips.ts";

const [, , folder, mode] = process.argv;
const recipe = createRecipe("compact", { steps: 24, batchSize: 8, groupSize: 4 });
const weights = await train(recipe, {
  train: madeUpClips(3),
  validation: madeUpClips(1),
  workers: 2,
  checkpointPath: `${folder}/checkpoint.onnx`,
  resume: mode === "--resume",
  intervals: { record: 1, validation: 8, checkpoint: 4 },
  onRecord: ({ step, loss }) => void process.stdout.write(`step ${step} ${loss}\n`),
});
const digest = createHash("sha256");
for (const { data } of weights.values()) digest.update(data);
process.stdout.write(`weights ${digest.digest("hex")}\n`);
