// npm run average:stream -- FILE... [--out FILE]: makes one stream model out of several trainings (checkpoints or models), each
// gone on from the one before. What ships was made so; docs/live.md says of which.

import { parseArgs } from "node:util";
import { buildStreamModel } from "../src/live/build-stream-model.ts";
import { averageRuns } from "../src/training/average-runs.ts";
import { readStartCorpora, readStartRecipe } from "../src/training/start-weights.ts";
import { STREAM_TRAINING_DATA } from "../src/training/stream/stream-corpora.ts";
import { STREAM_DECISIONS } from "../src/training/stream/stream-recipe.ts";
import { buildStreamStep } from "../src/training/stream/stream-step.ts";
import { writeWhole } from "../src/write-whole.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string", default: "models/stream.onnx" } },
});
const weights = await averageRuns(positionals, buildStreamStep({ batchSize: 1, warpFactors: [1] }));
const runs = await Promise.all(positionals.map(readStartRecipe));
// Checkpoints of older versions do not say.
const corpora = new Set((await Promise.all(positionals.map(readStartCorpora))).flat());
const training = {
  kind: "stream",
  runsAveraged: runs,
  ...(corpora.size > 0 && { corpora: [...corpora] }),
};
const metadata = { ...STREAM_DECISIONS, trainingData: STREAM_TRAINING_DATA, training, accuracy: {} };
await writeWhole(values.out, buildStreamModel(weights, metadata));
console.log(values.out);
