// npm run train:stream -- [--folder FOLDER] [--data FOLDER] [--voices FOLDER] [--steps N] [--learning-rate R] [--seed N] [--from FILE]
// [--realign] [--workers N] [--resume]: trains the stream model that ships as models/stream.onnx. FILE is a checkpoint or a model;
// with --realign it tells first where the digits of fluent speech are, and what of it is hard for it.

import { parseArgs } from "node:util";
import { locateCorpora } from "../src/corpus/locate-corpora.ts";
import { readStreamCorpora } from "../src/training/stream/stream-corpora.ts";
import { createStreamRecipe } from "../src/training/stream/stream-recipe.ts";
import { trainStreamModel } from "../src/training/stream/train-stream.ts";
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
    realign: { type: "boolean", default: false },
    workers: { type: "string" },
    resume: { type: "boolean", default: false },
  },
});
const recipe = createStreamRecipe({
  ...(values.steps && { steps: wholeNumber("--steps", values.steps) }),
  ...(values["learning-rate"] && { learningRate: Number(values["learning-rate"]) }),
  ...(values.seed && { seed: wholeNumber("--seed", values.seed) }),
});
const clips = await readStreamCorpora(await locateCorpora({ data: values.data, voices: values.voices }));
await trainStreamModel(recipe, clips, {
  folder: values.folder,
  resume: values.resume,
  startFrom: values.from,
  realign: values.realign,
  workers: values.workers ? wholeNumber("--workers", values.workers) : undefined,
  onRecord: (record) => console.log(JSON.stringify(record)),
});
console.log(`${values.folder}/model.onnx`);
