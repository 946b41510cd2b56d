// npm run train:stream -- [--folder FOLDER] [--data FOLDER] [--voices FOLDER] [--steps N] [--learning-rate R] [--seed N] [--from CHECKPOINT]
// [--workers N] [--resume | --overwrite]: trains the stream model that ships as models/stream.onnx.

import { parseArgs } from "node:util";
import { errorLine } from "../src/cli/error-line.ts";
import { INTERRUPTED_EXIT_CODE, isInterruption } from "../src/cli/interruption.ts";
import { commandLine, endTrainingOnInterrupt } from "../src/cli/keep-training.ts";
import { locateCorpora } from "../src/corpus/locate-corpora.ts";
import { ERROR_CODES, SpokenDigitsError } from "../src/errors.ts";
import { checkRunFolder } from "../src/training/run-folder.ts";
import { readStreamCorpora } from "../src/training/stream/stream-corpora.ts";
import { createStreamRecipe } from "../src/training/stream/stream-recipe.ts";
import { trainStreamModel } from "../src/training/stream/train-stream.ts";
import type { TrainingRecord } from "../src/training/trainer.ts";
import { wholeNumber } from "./whole-number.ts";

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "runs/stream" },
    data: { type: "string" },
    voices: { type: "string" },
    steps: { type: "string" },
    "learning-rate": { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
    workers: { type: "string" },
    resume: { type: "boolean", default: false },
    overwrite: { type: "boolean", default: false },
  },
});
const recipe = createStreamRecipe({
  ...(values.steps && { steps: wholeNumber("--steps", values.steps) }),
  ...(values["learning-rate"] && { learningRate: Number(values["learning-rate"]) }),
  ...(values.seed && { seed: wholeNumber("--seed", values.seed) }),
});
try {
  await trainStream();
} catch (error) {
  if (!(error instanceof SpokenDigitsError) && !isInterruption(error)) throw error;
  if (error instanceof SpokenDigitsError) process.stderr.write(errorLine(error.message));
  process.exit(error instanceof SpokenDigitsError ? ERROR_CODES[error.code].exitCode : INTERRUPTED_EXIT_CODE);
}

async function trainStream(): Promise<void> {
  const { folder, resume, overwrite } = values;
  checkRunFolder(folder, { resume, overwrite });
  const clips = await readStreamCorpora(await locateCorpora({ data: values.data, voices: values.voices }));
  const options = {
    folder,
    resume,
    overwrite,
    startFrom: values.from,
    workers: values.workers ? wholeNumber("--workers", values.workers) : undefined,
    onRecord: (record: TrainingRecord) => console.log(JSON.stringify(record)),
  };
  await endTrainingOnInterrupt((signal) => trainStreamModel(recipe, clips, { ...options, signal }), {
    folder: () => folder,
    command: commandLine("npm run train:stream --", process.argv.slice(2)),
  });
  console.log(`${folder}/model.onnx`);
}
