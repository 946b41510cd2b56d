// Everything a training needs to go on where it was, in one file: an ONNX file that holds tensors and no operations.
// It is written beside its place and renamed, so a run ended at any moment leaves the last whole one.

import { readFile, rename, writeFile } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import { checkSeal, sealModel } from "../model/seal.ts";
import type { Course } from "./course.ts";
import type { TrainingClips } from "./group-step.ts";

/** A training after some of its steps. Flat arrays are laid out by `weightLayout`. */
export type TrainingState = {
  /** Steps done. */
  step: number;
  weights: Float32Array;
  /** Moving average of weights and statistics. */
  average: Float32Array;
  /** The optimizer's moments. */
  m: Float32Array;
  v: Float32Array;
};

const ARRAYS = ["weights", "average", "m", "v"] as const;

/**
 * Writes a checkpoint, replacing an earlier one.
 *
 * @param path Where.
 * @param state What to keep.
 * @param run Text that only the same run has: its recipe and recordings.
 */
export async function saveCheckpoint(path: string, state: TrainingState, run: string): Promise<void> {
  const graph = new Graph();
  for (const name of ARRAYS)
    graph.output(name, graph.constant(state[name], [state[name].length], `${name}_data`));
  const metadata = { format: "spoken-digits-checkpoint", step: String(state.step), run };
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, sealModel(writeOnnx(graph, { metadata })));
  await rename(temporary, path);
}

/**
 * Reads a checkpoint, if there is one.
 *
 * @param path Where it would be.
 * @param run As it was saved.
 * @returns Undefined when there is no such file.
 * @throws {CheckpointError} It is damaged, no checkpoint, or of a run with another recipe or other recordings.
 */
export async function loadCheckpoint(path: string, run: string): Promise<TrainingState | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new CheckpointError(`checkpoint ${path}: ${error.message}`, { cause: error });
  });
  return bytes && readCheckpoint(bytes, run);
}

/**
 * Reads what another training of the same net came to, or had come to at its last checkpoint.
 *
 * @param path Its checkpoint.
 * @param size Numbers that the net has, see `weightLayout`.
 * @returns The moving average of its weights and statistics, flat.
 * @throws {CheckpointError} There is no such file, it is damaged, or of another net.
 */
export async function loadTrainedWeights(path: string, size: number): Promise<Float32Array> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new CheckpointError(`checkpoint ${path}: ${error.message}`, { cause: error });
  });
  const { average } = toState(parse(bytes));
  if (average.length !== size) {
    throw new CheckpointError(
      `checkpoint ${path}: it is of another net, with ${average.length} numbers; needed are ${size}`,
    );
  }
  return average;
}

/**
 * Text that a run alone has: its recipe, and a fingerprint (FNV-1a) of all recordings and their labels, of its teacher and
 * of the weights it starts from.
 *
 * @param recipe The settings.
 * @param data What is trained on.
 * @param start Flat weights of another training. Default: the recipe's seed decides.
 */
export function describeRun(recipe: Course, data: TrainingClips, start?: Float32Array): string {
  const { clips, labels, speakers = [], otherWords = [], recordedNoise = [], teacher } = data;
  let hash = 0x811c9dc5;
  for (const list of [clips, otherWords, recordedNoise]) {
    list.forEach((clip, i) => {
      const label = list === clips ? labels[i]! + 16 * (speakers[i] ?? 0) : -1;
      for (const word of [label, clip.length, ...new Uint32Array(clip.slice(0, 64).buffer)]) {
        hash = Math.imul(hash ^ word, 0x01000193);
      }
    });
  }
  for (const words of [teacher ?? [], new Uint32Array(start?.slice().buffer ?? [])]) {
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  }
  return JSON.stringify({ recipe, clips: clips.length, fingerprint: hash >>> 0 });
}

function readCheckpoint(bytes: Uint8Array, run: string): TrainingState {
  const file = parse(bytes);
  if (file.metadata.run !== run) {
    throw new CheckpointError(
      "checkpoint: it belongs to a run with another recipe or other recordings; train without --resume to start anew",
    );
  }
  return toState(file);
}

function toState({ metadata, constants }: ReturnType<typeof readOnnx>): TrainingState {
  const array = (name: string) => {
    const data = constants.get(`${name}_data`)?.data;
    if (!data) throw new CheckpointError(`checkpoint: it holds no ${name}`);
    return data;
  };
  const [weights, average, m, v] = ARRAYS.map(array) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return { step: Number(metadata.step), weights, average, m, v };
}

function parse(bytes: Uint8Array): ReturnType<typeof readOnnx> {
  const file = parseOnnx(bytes);
  if (file.metadata.format !== "spoken-digits-checkpoint")
    throw new CheckpointError("checkpoint: the file is none");
  return file;
}

function parseOnnx(bytes: Uint8Array) {
  try {
    checkSeal(bytes);
    return readOnnx(bytes);
  } catch (cause) {
    throw new CheckpointError("checkpoint: the file is damaged", { cause });
  }
}
