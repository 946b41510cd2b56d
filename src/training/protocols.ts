// The ways to measure a recipe: trainings on some recordings, each then tested on others.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidArgumentError } from "../errors.ts";
import { buildReport, type EvaluationRow, type Report } from "../evaluation/report.ts";
import { writeWhole } from "../write-whole.ts";
import {
  accuracyByCorpus,
  type CalibratedNet,
  calibrateClassifier,
  testNet,
} from "./calibrate-classifier.ts";
import { classifierTask } from "./classifier-task.ts";
import {
  type Fold,
  foldsOf,
  PROTOCOLS,
  type ProtocolCorpora,
  type ProtocolName,
  sharedFold,
} from "./protocol-folds.ts";
import type { ClassifierRecipe } from "./recipe.ts";
import { corporaOf, type RunOptions, runTraining } from "./training-run.ts";

/** Where and how a protocol runs. */
export type ProtocolOptions = Omit<RunOptions, "intervals"> & {
  /** Called before each training: its name, which of how many it is, from 1, and its steps. */
  onFold?: (fold: { name: string; number: number; count: number; steps: number }) => void;
  /** A classifier to learn from as well: what it is called, and its file. Default: none. */
  teacher?: { name: string; model: Uint8Array };
  /**
   * Steps of a training without FSDD that each training of `all-loso` goes on from: what the six have in common is learnt
   * once. Default: none, each starts anew.
   */
  sharedSteps?: number;
  /** What repeats the training, written into the model. Default: the model does not say. */
  command?: string;
};

/** What came of a protocol: the report over all test clips, and the model if there was but one training. */
export type ProtocolResult = { report: Report; model: Uint8Array<ArrayBuffer> | undefined };

/**
 * Trains by a recipe and tests on what was left out. Writes `report.txt`, `report.json` and `confusion.svg` over all
 * trainings, and each training's model, log and curves.
 *
 * @param name Which protocol.
 * @param recipe The settings of each training.
 * @param corpora What it trains on and tests.
 * @param options See {@link ProtocolOptions}.
 * @throws {InvalidArgumentError} The protocol is unknown or does not suit the recordings.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 * @throws {TrainingRunError} `run-exists`, `run-in-use`: the folder is not free.
 */
export async function runProtocol(
  name: ProtocolName,
  recipe: ClassifierRecipe,
  corpora: ProtocolCorpora,
  options: ProtocolOptions,
): Promise<ProtocolResult> {
  checkUnseen(name, options);
  const folds = foldsOf(name, recipe, corpora);
  const shared = sharedFold(name, corpora, options.sharedSteps);
  const trainings = shared ? [shared, ...folds] : folds;
  const rows: EvaluationRow[] = [];
  let { startFrom } = options;
  let model: Uint8Array<ArrayBuffer> | undefined;
  for (const [i, fold] of trainings.entries()) {
    const { steps = recipe.steps } = fold;
    options.onFold?.({ name: fold.name, number: i + 1, count: trainings.length, steps });
    const folder = trainings.length > 1 ? join(options.folder, fold.name) : options.folder;
    const parts = { ...fold, teacher: options.teacher?.model };
    const trained = await runTraining({ ...recipe, steps }, parts, { ...options, folder, startFrom });
    if (fold === shared) {
      startFrom = join(folder, "checkpoint.onnx");
      continue;
    }
    const finished = fold.calibration
      ? await calibrateClassifier({ weights: trained, recipe }, fold.calibration)
      : { weights: trained, recipe };
    const tested = await testNet(finished, fold.test);
    rows.push(...tested);
    model = describedModel(finished, { rows: tested, training: await trainingOf(name, fold, options) });
    await writeWhole(join(folder, "model.onnx"), model);
  }
  const report = buildReport(rows);
  await writeReport(options.folder, name, report);
  return { report, model: folds.length > 1 ? undefined : model };
}

/** What a model's file says of how it was trained, besides the recipe. */
type TrainingDescription = {
  protocol: ProtocolName;
  corpora: string[];
  sharedSteps?: number;
  teacher?: string;
  startFrom?: string;
  command?: string;
};

async function trainingOf(
  protocol: ProtocolName,
  fold: Fold,
  { sharedSteps, teacher, startFrom, command }: ProtocolOptions,
): Promise<TrainingDescription> {
  return {
    protocol,
    corpora: await corporaOf({ ...fold, teacher: teacher?.model }, startFrom),
    ...(sharedSteps !== undefined && { sharedSteps }),
    ...(teacher && { teacher: teacher.name }),
    ...(startFrom !== undefined && { startFrom }),
    ...(command !== undefined && { command }),
  };
}

/** A net trained on the voice that is left out, or taught by one that was, would not be tested on an unseen one. */
function checkUnseen(name: ProtocolName, { startFrom, teacher }: ProtocolOptions): void {
  if (!name.endsWith("loso") || (startFrom === undefined && !teacher)) return;
  const other = teacher ? "a teacher" : "the run to start from";
  throw new InvalidArgumentError(
    `runProtocol: ${name} leaves out voices that ${other} may have been trained on; train without it`,
  );
}

function describedModel(
  { weights, recipe, operatingPoints }: CalibratedNet,
  { rows, training }: { rows: EvaluationRow[]; training: TrainingDescription },
) {
  const { protocol } = training;
  const accuracy = protocol.startsWith("all")
    ? accuracyByCorpus(rows)
    : { [`${protocol} test`]: buildReport(rows).digits.accuracy ?? 0 };
  const { architecture: _, threshold: __, ...settings } = recipe;
  return classifierTask(recipe).buildModel(weights, {
    training: { ...settings, ...training },
    trainingData: PROTOCOLS[protocol],
    accuracy,
    ...(operatingPoints && { operatingPoints }),
  });
}

async function writeReport(folder: string, name: ProtocolName, report: Report): Promise<void> {
  const [{ formatReport }, { confusionSvg }] = await Promise.all([
    import("../evaluation/report-text.ts"),
    import("../evaluation/confusion-svg.ts"),
  ]);
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, "report.txt"), formatReport(report));
  await writeWhole(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeWhole(
    join(folder, "confusion.svg"),
    confusionSvg(report.digits.confusion, { title: PROTOCOLS[name] }),
  );
}
