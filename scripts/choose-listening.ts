// npm run choose:listening -- [--model FILE] [--data FOLDER] [--expect WAY,WAY] [--show N]: tries settings of each way of listening
// on the speakers that choose (`dataPart`), and prints the least costly. What is taken of them goes into
// src/training/stream/stream-recipe.ts.

import { parseArgs } from "node:util";
import { locateCorpora } from "../src/corpus/locate-corpora.ts";
import { type HeardRecording, rankListening } from "../src/evaluation/choose-listening.ts";
import { readFluentTestMaterial } from "../src/evaluation/fluent-material.ts";
import { readStreamTestMaterial } from "../src/evaluation/test-stream-material.ts";
import { checkExpectation, type Decoding, EXPECTATIONS, type Expectation } from "../src/live/decoding.ts";
import type { StreamFrame } from "../src/live/frame-stream.ts";
import { loadStreamModel } from "../src/live/load-stream-model.ts";
import { wholeNumber } from "./whole-number.ts";

const SINGLE_DIGITS = 300;
const FALSE_DIGITS = {
  digits: { freePerHour: Infinity, perHour: 0 },
  numbers: { freePerHour: 6, perHour: 0.2 },
  any: { freePerHour: 130, perHour: 0.05 },
};

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    data: { type: "string" },
    expect: { type: "string", default: EXPECTATIONS.join() },
    show: { type: "string", default: "12" },
  },
});
const show = wholeNumber("--show", values.show);
const model = await loadStreamModel({ model: values.model });
const folders = await locateCorpora({ data: values.data });
const recordings = await heardRecordings();
console.error(`${recordings.length} recordings`);
for (const expect of values.expect.split(",").map(checkExpectation)) {
  const heard = recordings.filter(({ group }) => expect !== "digits" || group.startsWith("alone"));
  const candidates = candidatesOf(expect, model.info.decoding);
  const ranked = rankListening(heard, { expect, candidates, falseDigits: FALSE_DIGITS[expect] });
  console.log(`Expecting ${expect}: ${candidates.length} settings`);
  for (const { decoding, cost, errors, falsePerHour } of ranked.slice(0, show)) {
    const cells = [...Object.entries(errors), ...Object.entries(falsePerHour)];
    const figures = cells.map(([name, value]) => `${name} ${value.toFixed(1)}`);
    console.log(cost.toFixed(2), JSON.stringify(decoding[expect]), figures.join(", "));
  }
}

function candidatesOf(expect: Expectation, decoding: Decoding): Decoding[] {
  if (expect === "digits") {
    return grid({
      digitBias: [1.5, 2, 2.5, 3, 3.5, 4],
      endLess: [0, 0.75],
      digitPenalty: [2, 4, 6, 8, 10],
    }).map(({ digitBias, endLess, digitPenalty }) => {
      const way = { digitBias, endBias: digitBias - endLess, digitPenalty };
      return { ...decoding, digits: { ...decoding.digits, ...way } };
    });
  }
  if (expect === "any") {
    return grid({ digitBias: [-0.5, 0, 0.5, 1, 1.5], endLess: [0, 0.75], digitPenalty: [0, 2, 4, 6, 8] }).map(
      ({ digitBias, endLess, digitPenalty }) => {
        const way = { digitBias, endBias: digitBias - endLess, digitPenalty };
        return { ...decoding, any: { ...decoding.any, ...way } };
      },
    );
  }
  return grid({
    digitBias: [1, 1.5, 2, 2.5, 3],
    digitPenalty: [2, 4, 6],
    digitCost: [0.25, 0.35, 0.45],
    entryCost: [0.4, 0.6, 0.9, 1.2],
    maxGapMs: [1000, 1500],
  }).map(({ digitBias, ...others }) => ({
    ...decoding,
    numbers: { ...decoding.numbers, digitBias, endBias: digitBias, ...others },
  }));
}

/** Every combination. */
function grid<Name extends string>(axes: Record<Name, readonly number[]>): Record<Name, number>[] {
  return (Object.entries(axes) as [Name, readonly number[]][]).reduce<Record<Name, number>[]>(
    (points, [name, all]) => points.flatMap((point) => all.map((value) => ({ ...point, [name]: value }))),
    [{} as Record<Name, number>],
  );
}

async function heardRecordings(): Promise<HeardRecording[]> {
  const { numbers, negatives } = await readFluentTestMaterial(folders, "dev");
  const { choosing } = await readStreamTestMaterial(folders);
  const heard: HeardRecording[] = [];
  const add = async (group: string, digits: string, samples: Float32Array) => {
    heard.push({ group, digits, seconds: samples.length / 8000, frames: await framesOf(samples) });
  };
  for (const { corpus, digits, samples } of numbers["digits alone"])
    await add(`alone ${corpus}`, digits, samples);
  for (const { digits, samples } of numbers["among words"]) await add("among words", digits, samples);
  for (const { digits, samples } of numbers["in sentences"]) await add("in sentences", digits, samples);
  for (const { digit, samples } of choosing.digits.slice(0, SINGLE_DIGITS)) {
    const quiet = new Float32Array(samples.length + 16_000);
    quiet.set(samples, 8000);
    await add("one digit", String(digit), quiet);
  }
  for (const [set, without] of Object.entries(negatives))
    for (const { samples } of without) await add(set, "", samples);
  return heard;
}

async function framesOf(samples: Float32Array): Promise<StreamFrame[]> {
  const stream = model.openFrames();
  return [...(await stream.push(samples)), ...(await stream.end())];
}
