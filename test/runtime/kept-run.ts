// A small training in the folder named by the first argument, kept and interrupted as `train` does it; `--resume` as the
// second goes on. Prints each record, and at the end a checksum of the weights.

import { createHash } from "node:crypto";
import { INTERRUPTED_EXIT_CODE, isInterruption } from "../../src/cli/interruption.ts";
import { commandLine, endTrainingOnInterrupt } from "../../src/cli/keep-training.ts";
import { errorLine } from "../../src/cli/output-format.ts";
import { createRecipe } from "../../src/training/recipe.ts";
import { train } from "../../src/training/trainer.ts";
import { keepRun } from "../../src/training/training-run.ts";
import { madeUpClips } from "../support/made-up-clips.ts";

const [folder = "", mode] = process.argv.slice(2);
const recipe = createRecipe("compact", { steps: 30, batchSize: 8, groupSize: 4 });
const data = { train: madeUpClips(3), validation: madeUpClips(1) };

try {
  const weights = await endTrainingOnInterrupt(
    (signal) =>
      keepRun(
        {
          folder,
          resume: mode === "--resume",
          workers: 1,
          signal,
          intervals: { record: 5, validation: 30, checkpoint: 30 },
          onRecord: ({ step, loss }) => void process.stdout.write(`step ${step} ${loss}\n`),
        },
        { description: "a small training", train: (keeping) => train(recipe, { ...data, ...keeping }) },
      ),
    { folder: () => folder, command: commandLine("kept-run", [folder]) },
  );
  const checksum = createHash("sha256");
  for (const { data: values } of weights.values()) checksum.update(values);
  process.stdout.write(`weights ${checksum.digest("hex")}\n`);
} catch (error) {
  if (!isInterruption(error)) process.stderr.write(errorLine((error as Error).message));
  process.exitCode = isInterruption(error) ? INTERRUPTED_EXIT_CODE : 2;
}
