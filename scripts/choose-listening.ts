// npm run choose:listening -- [--model FILE] [--data FOLDER]: tries ways of listening on real speech of the dev speakers, who
// neither train nor are reported, and prints the settings of each with what they come to.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { digitsInText, readConnectedSpeech, readSpeech } from "../src/corpus/fluent-speech.ts";
import { loadSamples } from "../src/corpus/load-samples.ts";
import { fitStringCalibration } from "../src/evaluation/fit-string-calibration.ts";
import {
  type ListenedRecording,
  type ListeningFigures,
  measureListening,
  stringOutcomes,
} from "../src/evaluation/listening-choice.ts";
import type { Decoding, Expectation } from "../src/live/decoding.ts";
import { loadStreamModel } from "../src/live/load-stream-model.ts";

const BIASES = [0.5, 1.5, 2.5, 3.5];
const PENALTIES = [2, 4, 6, 10];
const ENTRY_COSTS = [0.4, 0.6, 0.8, 1, 1.3];
const DIGIT_COSTS = [0.25, 0.35, 0.45];
const THRESHOLDS = [0, 0.2, 0.3, 0.4, 0.5, 0.6];
/** What a false digit an hour costs against a per cent of digits wrong. */
const FALSE_DIGIT_COST: Record<Expectation, number> = { digits: 0, numbers: 0.1, any: 0.02 };

const { values } = parseArgs({
  options: { model: { type: "string" }, data: { type: "string", default: "../shared/data" } },
});
const model = await loadStreamModel({ model: values.model });
const recordings = await listenToAll();
const { decoding } = model.info;
const digits = best("digits", variants("digits"));
const numbers = best("numbers", variants("numbers"));
const any = best("any", variants("any"));
const chosen: Decoding = { ...decoding, digits: digits.digits, numbers: numbers.numbers, any: any.any };
const outcomes = stringOutcomes(recordings, chosen);
const stringConfidence = fitStringCalibration(outcomes);
console.log(JSON.stringify({ ...chosen, stringConfidence }, null, 2));

async function listenToAll(): Promise<ListenedRecording[]> {
  const all = [
    ...(await readConnectedSpeech(join(values.data, "connected"))),
    ...(await readSpeech(join(values.data, "speech"))),
  ].filter(({ part }) => part === "dev");
  const samples = await loadSamples(all);
  const listened: ListenedRecording[] = [];
  for (const [i, { corpus, text, words }] of all.entries()) {
    const stream = model.openFrames();
    const frames = [...(await stream.push(samples[i]!)), ...(await stream.end())];
    const spoken = digitsInText(text);
    const isDigitsAlone = words?.every(({ word }) => digitsInText(word) !== "") ?? false;
    const group = words ? corpus : `speech/${corpus}`;
    listened.push({ group, spoken, isDigitsAlone, frames, seconds: samples[i]!.length / 8000 });
  }
  return listened;
}

function variants(expect: Expectation): Decoding[] {
  const base = BIASES.flatMap((digitBias) =>
    PENALTIES.map((digitPenalty) => ({ digitBias, endBias: digitBias, digitPenalty })),
  );
  if (expect === "digits")
    return base.map((each) => ({ ...decoding, digits: { ...decoding.digits, ...each } }));
  if (expect === "any") {
    return base.flatMap((each) =>
      THRESHOLDS.map((threshold) => ({ ...decoding, any: { ...decoding.any, ...each, threshold } })),
    );
  }
  return base.flatMap((each) =>
    ENTRY_COSTS.flatMap((entryCost) =>
      DIGIT_COSTS.map((digitCost) => ({
        ...decoding,
        numbers: { ...decoding.numbers, ...each, entryCost, digitCost },
      })),
    ),
  );
}

/** The cheapest variant; the best three are printed. */
function best(expect: Expectation, tried: readonly Decoding[]): Decoding {
  const ranked = tried
    .map((each) => ({ each, figures: measureListening(recordings, expect, each) }))
    .map((entry) => ({ ...entry, cost: costOf(entry.figures, expect) }))
    .sort((a, b) => a.cost - b.cost);
  for (const { each, figures, cost } of ranked.slice(0, 3)) {
    console.log(expect, cost.toFixed(2), JSON.stringify(each[expect]), describe(figures));
  }
  return ranked[0]!.each;
}

function costOf({ digitErrorRates, falsePerHour }: ListeningFigures, expect: Expectation): number {
  const rates = Object.values(digitErrorRates);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
  return 100 * mean + FALSE_DIGIT_COST[expect] * falsePerHour;
}

function describe({ digitErrorRates, falsePerHour }: ListeningFigures): string {
  const rates = Object.entries(digitErrorRates).map(([name, rate]) => `${name} ${(100 * rate).toFixed(1)} %`);
  return [...rates, `${falsePerHour.toFixed(0)} false digits an hour`].join(", ");
}
