// One training in a folder of its own: checkpoint, log, curves and, in the end, its weights. A run ended at any moment goes
// on from the folder; its log is cut back to the checkpoint, so it reads like that of an unbroken run.

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ClipsByRole, Dataset } from "../corpus/dataset.ts";
import { loadDatasets } from "../corpus/load-samples.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { Weights } from "../model/layers.ts";
import { readModelInfo } from "../model/model-metadata.ts";
import { writeWhole } from "../write-whole.ts";
import type { Recipe } from "./recipe.ts";
import { checkRunFolder, openRunFolder } from "./run-folder.ts";
import { readStart } from "./start-weights.ts";
import { type TrainingOptions, type TrainingRecord, train } from "./trainer.ts";

const CHECKPOINT_NAME = "checkpoint.onnx";

/** What a run trains on and watches. */
export type RunData = {
  train: readonly Dataset[];
  validation: readonly Dataset[];
  /** A classifier's file to learn from as well. Default: none. */
  teacher?: Uint8Array;
  /** Changes what is trained on, once it is decoded. Default: it stays. */
  prepare?: (clips: ClipsByRole) => Promise<ClipsByRole>;
};

/** Where and how a run goes. */
export type RunOptions = Pick<
  TrainingOptions,
  "workers" | "resume" | "startFrom" | "intervals" | "signal"
> & {
  /** Receives `checkpoint.onnx`, `log.jsonl` and `curves.svg`; made if need be. */
  folder: string;
  /** Begin anew in place of the run that the folder holds. Default: such a folder is refused. */
  overwrite?: boolean;
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void;
};

/**
 * Trains in a folder.
 *
 * @param recipe Of any model of the family.
 * @param data Recordings; none is in both lists.
 * @param options See {@link RunOptions}.
 * @returns The trained weights.
 * @throws {InvalidArgumentError} It would start from the checkpoint that it writes over.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 * @throws {TrainingRunError} `run-exists`, `run-in-use`: the folder is not free.
 * @throws The signal's reason.
 */
export async function runTraining(recipe: Recipe, data: RunData, options: RunOptions): Promise<Weights> {
  checkStart(options);
  checkRunFolder(options.folder, options);
  const clips = await loadDatasets(data.train);
  const loaded = {
    train: data.prepare ? await data.prepare(clips) : clips,
    validation: await loadDatasets(data.validation),
    teacher: data.teacher,
    corpora: await corporaOf(data, options.startFrom),
  };
  return keepRun(options, {
    description: `Training ${recipe.architecture}`,
    train: (keeping) => train(recipe, { ...loaded, ...keeping }),
  });
}

function checkStart({ folder, startFrom }: Pick<RunOptions, "folder" | "startFrom">): void {
  if (startFrom === undefined || resolve(startFrom) !== resolve(folder, CHECKPOINT_NAME)) return;
  throw new InvalidArgumentError(
    `training: ${startFrom} cannot be started from in its own folder, where it would be written over; ` +
      "name another with --folder",
  );
}

/** What {@link keepRun} tells a training. */
export type RunKeeping = Pick<
  TrainingOptions,
  "workers" | "checkpointPath" | "resume" | "startFrom" | "intervals" | "onRecord" | "signal"
>;

/**
 * Keeps a training in a folder: its checkpoint, its log and, at the end, its curves.
 *
 * @param options See {@link RunOptions}.
 * @param run.description Title of the curves.
 * @param run.train The training; it passes on what it is given.
 * @returns The trained weights.
 * @throws {InvalidArgumentError} It would start from the checkpoint that it writes over.
 * @throws {TrainingRunError} `run-exists`, `run-in-use`: the folder is not free.
 * @throws What the training throws.
 */
export async function keepRun(
  options: RunOptions,
  run: { description: string; train: (keeping: RunKeeping) => Promise<Weights> },
): Promise<Weights> {
  const { folder, resume = false, startFrom, onRecord, ...others } = options;
  checkStart(options);
  const checkpointPath = join(folder, CHECKPOINT_NAME);
  const release = await openRunFolder(folder, options);
  try {
    const log = await openLog(join(folder, "log.jsonl"), { resume, onRecord });
    const { workers, intervals, signal } = others;
    const keeping = { workers, intervals, signal, checkpointPath, resume, startFrom, onRecord: log.keep };
    const weights = await run.train(keeping);
    const { curvesSvg } = await import("../evaluation/curves-svg.ts");
    await writeWhole(join(folder, "curves.svg"), curvesSvg(log.records, { description: run.description }));
    return weights;
  } finally {
    release();
  }
}

/**
 * Names of the corpora that a training is on, itself or through others: its own recordings, those of its teacher, and those
 * of the run whose weights it starts from. They all have to be named where the model is published.
 *
 * @param options What it trains on: `train`, and `teacher` where there is one.
 * @param startFrom Checkpoint or model that it starts from. Default: none.
 * @throws {CheckpointError} The checkpoint cannot be read.
 * @throws {ModelFormatError} The teacher is no model of this package.
 */
export async function corporaOf(
  { train, teacher }: Pick<RunData, "train" | "teacher">,
  startFrom?: string,
): Promise<string[]> {
  const own = train.flatMap(({ recordings }) => recordings.map(({ corpus }) => corpus));
  const taught = teacher ? readModelInfo(teacher).training.corpora : [];
  const earlier = startFrom === undefined ? [] : (await readStart(startFrom)).corpora;
  return [...new Set([...own, ...(Array.isArray(taught) ? taught.map(String) : []), ...earlier])];
}

/** The log of a run: a line of JSON for each record. */
type RunLog = {
  /** All records, rising in their steps. */
  readonly records: readonly TrainingRecord[];
  /** Adds a record; those of the same and later steps, of a run that was broken off there, go. */
  keep(record: TrainingRecord): Promise<void>;
};

/** Goes on with the log that is there, if the run is resumed; else it is overwritten. */
async function openLog(
  path: string,
  { resume, onRecord }: { resume: boolean; onRecord?: (record: TrainingRecord) => void },
): Promise<RunLog> {
  const records = resume ? await readLog(path) : [];
  return {
    records,
    async keep(record) {
      while ((records.at(-1)?.step ?? 0) >= record.step) records.pop();
      records.push(record);
      await writeWhole(path, records.map((line) => `${JSON.stringify(line)}\n`).join(""));
      onRecord?.(record);
    },
  };
}

async function readLog(path: string): Promise<TrainingRecord[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => (line ? [JSON.parse(line) as TrainingRecord] : []));
}
