// The ways to measure a recipe: which recordings train a model and which then test it, once.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { loadSamples } from "../corpus/load-samples.ts";
import type { Recording } from "../corpus/recording.ts";
import type { TrainTestSplit } from "../corpus/splits.ts";
import { carveValidation, officialSplit, randomSplit, speakerFolds } from "../corpus/splits.ts";
import { InvalidArgumentError } from "../errors.ts";
import { confusionSvg } from "../evaluation/confusion-svg.ts";
import { formatReport } from "../evaluation/format-report.ts";
import type { EvaluationRow, Report } from "../evaluation/report.ts";
import { buildReport } from "../evaluation/report.ts";
import { buildModel } from "../model/build-model.ts";
import { createClassifier } from "../model/classifier.ts";
import type { Weights } from "../model/layers.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import type { Recipe } from "./recipe.ts";
import type { TrainingRecord } from "./trainer.ts";

import { runTraining, writeWhole } from "./training-run.ts";
import { untestedMetadata } from "./validation.ts";

/** Names of the protocols, and what each trains on and tests. */
export const PROTOCOLS = {
  "fsdd-official": "FSDD, takes 5-49 train, takes 0-4 test",
  "fsdd-random": "FSDD, a stratified random 80 % train, 20 % test",
  "fsdd-loso": "FSDD, six trainings, each tested on the speaker it left out",
} as const;

/** Name of a protocol. */
export type ProtocolName = keyof typeof PROTOCOLS;

/** Where and how a protocol runs. */
export type ProtocolOptions = {
  /** Receives the reports, and a folder for each training. */
  folder: string;
  /** Go on where an earlier run in the folder ended. Default: start anew. */
  resume?: boolean;
  /** Threads. Default: as many as the machine has. */
  workers?: number;
  /** Called with each training's name before it starts. */
  onFold?: (name: string, number: number, count: number) => void;
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void;
};

/** What came of a protocol: the report over all test clips, and the model if there was but one training. */
export type ProtocolResult = { report: Report; model: Uint8Array<ArrayBuffer> | undefined };

/**
 * Trains by a recipe and tests on what was left out. Writes `report.txt`, `report.json` and `confusion.svg` over all
 * trainings, and each training's model, log and curves.
 *
 * @param name Which protocol.
 * @param recipe The settings of each training.
 * @param recordings All of the corpus.
 * @param options See {@link ProtocolOptions}.
 * @throws {InvalidArgumentError} The protocol is unknown or does not suit the recordings.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 */
export async function runProtocol(
  name: ProtocolName,
  recipe: Recipe,
  recordings: readonly Recording[],
  options: ProtocolOptions,
): Promise<ProtocolResult> {
  const folds = foldsOf(name, recordings, recipe.seed);
  const rows: EvaluationRow[] = [];
  let model: Uint8Array<ArrayBuffer> | undefined;
  for (const [i, fold] of folds.entries()) {
    options.onFold?.(fold.name, i + 1, folds.length);
    const folder = folds.length > 1 ? join(options.folder, fold.name) : options.folder;
    const parts = carve(fold.train, recipe);
    const weights = await runTraining(recipe, parts, { ...options, folder });
    const tested = await testWeights(weights, recipe, fold.test);
    rows.push(...tested);
    model = describedModel(weights, recipe, { name, rows: tested });
    await writeWhole(join(folder, "model.onnx"), model);
  }
  const report = buildReport(rows);
  await writeReport(options.folder, name, report);
  return { report, model: folds.length > 1 ? undefined : model };
}

type Fold = TrainTestSplit & { name: string };

function foldsOf(name: ProtocolName, recordings: readonly Recording[], seed: number): Fold[] {
  if (name === "fsdd-official") return [{ name, ...officialSplit(recordings) }];
  if (name === "fsdd-random") return [{ name, ...randomSplit(recordings, { seed }) }];
  if (name === "fsdd-loso")
    return speakerFolds(recordings).map((fold) => ({ ...fold, name: `without-${fold.speaker}` }));
  throw new InvalidArgumentError(
    `protocol: must be one of ${Object.keys(PROTOCOLS).join(", ")}, got "${name}"`,
  );
}

function carve(train: readonly Recording[], { seed, validationShare }: Recipe) {
  if (validationShare === 0) return { train, validation: [] };
  return carveValidation(train, { seed, share: validationShare });
}

async function testWeights(
  weights: Weights,
  recipe: Recipe,
  test: readonly Recording[],
): Promise<EvaluationRow[]> {
  const classifier = await createClassifier(ort, buildModel(weights, untestedMetadata(recipe)));
  const predictions = await classifier.classifyBatch(await loadSamples(test), { sampleRate: SAMPLE_RATE });
  await classifier.release();
  return predictions.map(({ topDigit, digit, confidence }, i) => {
    const { label, speaker, corpus, path } = test[i]!;
    return { label, topDigit, digit, confidence, speaker, corpus, path };
  });
}

function describedModel(
  weights: Weights,
  recipe: Recipe,
  tested: { name: ProtocolName; rows: EvaluationRow[] },
) {
  const accuracy = { [`${tested.name} test`]: buildReport(tested.rows).digits.accuracy ?? 0 };
  return buildModel(weights, { ...untestedMetadata(recipe, PROTOCOLS[tested.name]), accuracy });
}

async function writeReport(folder: string, name: ProtocolName, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, "report.txt"), formatReport(report));
  await writeWhole(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(
    join(folder, "confusion.svg"),
    confusionSvg(report.digits.confusion, { title: PROTOCOLS[name] }),
  );
}
