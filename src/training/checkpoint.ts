// Everything a training needs to go on where it was, in one file: an ONNX file that holds tensors and no operations.
// It is written beside its place and renamed, so a run ended at any moment leaves the last whole one.

import { readFile } from "node:fs/promises";
import { ROLES } from "../corpus/dataset.ts";
import { CheckpointError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import { verifyChecksum, withChecksum } from "../model/model-file.ts";
import { writeWhole } from "../write-whole.ts";
import type { Recipe } from "./recipe.ts";
import type { TrainingData } from "./task.ts";

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
  /** Losses of the steps since the last record of the log. Default: none. */
  losses?: number[];
};

/** What the metadata of a checkpoint gives as its format. */
export const CHECKPOINT_FORMAT = "spoken-digits-checkpoint";
const ARRAYS = ["weights", "average", "m", "v"] as const;

/** What a checkpoint says of its training. */
export type RunDescription = {
  /** Text that only the same run has: its recipe and recordings. */
  run: string;
  /** Names of the corpora it trains on, itself or through others. */
  corpora: readonly string[];
};

/**
 * Writes a checkpoint, replacing an earlier one.
 *
 * @param path Where.
 * @param state What to keep.
 * @param description See {@link RunDescription}.
 * @throws {FileError} It cannot be written.
 */
export async function saveCheckpoint(
  path: string,
  state: TrainingState,
  description: RunDescription,
): Promise<void> {
  const { run, corpora } = description;
  const graph = new Graph();
  for (const name of ARRAYS)
    graph.output(name, graph.constant(state[name], [state[name].length], `${name}_data`));
  const metadata = {
    format: CHECKPOINT_FORMAT,
    step: String(state.step),
    losses: JSON.stringify(state.losses ?? []),
    run,
    corpora: JSON.stringify(corpora),
  };
  await writeWhole(path, withChecksum(writeOnnx(graph, { metadata })));
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
  if (!bytes) return undefined;
  const file = parse(path, bytes);
  if (file.metadata.run !== run) {
    throw new CheckpointError(
      `checkpoint ${path}: it belongs to a run with another recipe or other recordings; train with --overwrite to start anew, or in another folder`,
    );
  }
  return toState(path, file);
}

/**
 * Text that a run alone has: its recipe, and a fingerprint (FNV-1a) of its recordings (how long each is, its first 64
 * samples, its class and its speaker), of its teacher and of the weights it starts from.
 *
 * @param recipe The settings.
 * @param data What is trained on.
 * @param start Flat weights of another training. Default: the recipe's seed decides.
 */
export function describeRun(recipe: Recipe, data: TrainingData, start?: Float32Array): string {
  let hash = 0x811c9dc5;
  const add = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  let count = 0;
  ROLES.forEach((role, place) => {
    data.clips[role]?.samples.forEach((clip, i) => {
      const { labels, speakers } = data.clips[role]!;
      for (const word of [place, labels[i]!, speakers[i]!, clip.length]) add(word);
      for (const word of new Uint32Array(clip.slice(0, 64).buffer)) add(word);
      count++;
    });
  });
  for (const letter of JSON.stringify(data.clips.fluent?.said ?? [])) add(letter.charCodeAt(0));
  for (const word of data.teacher ?? []) add(word);
  for (const word of new Uint32Array(start?.slice().buffer ?? [])) add(word);
  return JSON.stringify({ recipe, clips: count, fingerprint: hash >>> 0 });
}

type CheckpointFile = ReturnType<typeof readOnnx>;

function toState(path: string, { metadata, constants }: CheckpointFile): TrainingState {
  const array = (name: string) => {
    const data = constants.get(`${name}_data`)?.data;
    if (!data) throw new CheckpointError(`checkpoint ${path}: it holds no ${name}`);
    return data;
  };
  const [weights, average, m, v] = ARRAYS.map(array) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const losses = JSON.parse(metadata.losses ?? "[]") as number[];
  return { step: Number(metadata.step), weights, average, m, v, losses };
}

function parse(path: string, bytes: Uint8Array): CheckpointFile {
  const file = parseOnnx(path, bytes);
  if (file.metadata.format === CHECKPOINT_FORMAT) return file;
  throw new CheckpointError(
    `checkpoint ${path}: it is no checkpoint; a run keeps its own as checkpoint.onnx in its folder`,
  );
}

function parseOnnx(path: string, bytes: Uint8Array): CheckpointFile {
  try {
    verifyChecksum(bytes);
    return readOnnx(bytes);
  } catch (cause) {
    throw new CheckpointError(`checkpoint ${path}: the file is damaged`, { cause });
  }
}
