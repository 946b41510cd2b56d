// One training in a folder of its own: checkpoint, log, curves and the finished model. A run ended at any moment goes on
// from the folder; its log is cut back to the checkpoint, so it reads like that of an unbroken run.

import { mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadSamplesOnce } from "../corpus/load-samples-once.ts";
import type { Recording } from "../corpus/recording.ts";
import { InvalidArgumentError } from "../errors.ts";
import { curvesSvg } from "../evaluation/curves-svg.ts";
import type { Weights } from "../model/layers.ts";
import { writeWhole } from "../write-whole.ts";
import { corporaHeard } from "./corpora-heard.ts";
import { loadClips } from "./load-clips.ts";
import type { Recipe } from "./recipe.ts";
import type { Intervals, TrainingOptions, TrainingRecord } from "./trainer.ts";
import { train } from "./trainer.ts";

/** What a run trains on and watches. */
export type TrainingParts = {
  train: readonly Recording[];
  validation: readonly Recording[];
  /** Speech that is no digit, for the class "none". Default: none. */
  otherWords?: readonly Recording[];
  /** Speech of many voices without a digit, for the same. Default: none. */
  voices?: readonly Recording[];
  /** Noise to lay under the recordings. Default: computed noise alone. */
  noise?: readonly Recording[];
  /** A classifier's file to learn from as well. Default: none. */
  teacher?: Uint8Array;
};

/** Where and how a run goes. */
export type TrainingRunOptions = {
  /** Receives `checkpoint.onnx`, `log.jsonl` and `curves.svg`; made if need be. */
  folder: string;
  /** Go on from the folder's checkpoint, if there is one. Default: start anew. */
  resume?: boolean;
  /** Threads. Default: as many as the machine has. */
  workers?: number;
  /** Checkpoint of another run of the same net, or its model, whose weights this one starts from. Default: starts from none. */
  startFrom?: string;
  /** Steps between records, looks at the validation part and checkpoints. Default: those of `train`. */
  intervals?: Intervals;
  /** Called with each line of the log. */
  onRecord?: (record: TrainingRecord) => void;
};

/**
 * Trains in a folder.
 *
 * @param recipe The settings.
 * @param parts Recordings; none is in both.
 * @param options See {@link TrainingRunOptions}.
 * @returns The trained weights.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 */
export async function runTraining(
  recipe: Recipe,
  parts: TrainingParts,
  options: TrainingRunOptions,
): Promise<Weights> {
  const data = {
    train: {
      ...(await loadClips(parts.train)),
      otherWords: await loadSamplesOnce(parts.otherWords ?? []),
      voices: await loadSamplesOnce(parts.voices ?? []),
      recordedNoise: await loadSamplesOnce(parts.noise ?? []),
      teacher: parts.teacher,
    },
    validation: await loadClips(parts.validation),
  };
  const description = `Training ${recipe.architecture}`;
  const corpora = await corporaHeard(parts, options.startFrom);
  return trainInFolder(options, {
    description,
    train: (keeping) => train(recipe, { ...data, ...keeping, corpora }),
  });
}

/** The options of a training that say how it is kept. */
export type RunKeeping = Pick<
  TrainingOptions,
  "workers" | "checkpointPath" | "resume" | "startFrom" | "intervals" | "onRecord"
>;

/**
 * Keeps a training in a folder: its checkpoint, its log and, at the end, its curves.
 *
 * @param options See {@link TrainingRunOptions}.
 * @param run.description Title of the curves.
 * @param run.train The training; it passes on what it is given.
 * @returns The trained weights.
 * @throws {InvalidArgumentError} It would start from the checkpoint that it writes over.
 */
export async function trainInFolder(
  options: TrainingRunOptions,
  run: { description: string; train: (keeping: RunKeeping) => Promise<Weights> },
): Promise<Weights> {
  const { folder, resume = false, workers, startFrom, intervals, onRecord } = options;
  const checkpointPath = join(folder, "checkpoint.onnx");
  if (startFrom !== undefined && resolve(startFrom) === resolve(checkpointPath)) {
    throw new InvalidArgumentError(
      `training: ${startFrom} cannot be started from in its own folder, where it would be written over; ` +
        "name another with --folder",
    );
  }
  await mkdir(folder, { recursive: true });
  const log = await openLog(join(folder, "log.jsonl"), { resume, onRecord });
  const keeping = { workers, checkpointPath, resume, startFrom, intervals, onRecord: log.keep };
  const weights = await run.train(keeping);
  await writeWhole(join(folder, "curves.svg"), curvesSvg(log.records, { description: run.description }));
  return weights;
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
