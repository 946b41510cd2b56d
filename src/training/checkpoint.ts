// Everything a training needs to go on where it was, in one file: an ONNX file that holds tensors and no operations.
// It is written beside its place and renamed, so a run ended at any moment leaves the last whole one.

import { readFile } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";
import { Graph } from "../graph/graph.ts";
import { readOnnx, writeOnnx } from "../graph/onnx-file.ts";
import { checkSeal, sealModel } from "../model/seal.ts";
import { writeWhole } from "../write-whole.ts";
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

/** What the metadata of a checkpoint gives as its format. */
export const CHECKPOINT_FORMAT = "spoken-digits-checkpoint";
const ARRAYS = ["weights", "average", "m", "v"] as const;

/** What a checkpoint says of its training. */
export type RunDescription = {
  /** Text that only the same run has: its recipe and recordings. */
  run: string;
  /** Names of the corpora it hears. Default: it does not say. */
  corpora?: readonly string[];
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
  const { run, corpora = [] } = description;
  const graph = new Graph();
  for (const name of ARRAYS)
    graph.output(name, graph.constant(state[name], [state[name].length], `${name}_data`));
  const metadata = {
    format: CHECKPOINT_FORMAT,
    step: String(state.step),
    run,
    corpora: JSON.stringify(corpora),
  };
  await writeWhole(path, sealModel(writeOnnx(graph, { metadata })));
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
      `checkpoint ${path}: it belongs to a run with another recipe or other recordings; train without --resume to start anew`,
    );
  }
  return toState(path, file);
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
  const { average } = toState(path, await readFileOf(path));
  if (average.length !== size) {
    throw new CheckpointError(
      `checkpoint ${path}: it is of another net, with ${average.length} numbers; needed are ${size}`,
    );
  }
  return average;
}

/**
 * Names of the corpora that a training heard.
 *
 * @param path Its checkpoint.
 * @returns None where it does not say, as those of older versions.
 * @throws {CheckpointError} There is no such file, or it is damaged.
 */
export async function readCheckpointCorpora(path: string): Promise<string[]> {
  const { metadata } = await readFileOf(path);
  return JSON.parse(metadata.corpora ?? "[]") as string[];
}

/**
 * The recipe of a training.
 *
 * @param path Its checkpoint.
 * @throws {CheckpointError} There is no such file, or it is damaged.
 */
export async function readCheckpointRecipe(path: string): Promise<Record<string, unknown>> {
  const { metadata } = await readFileOf(path);
  return (JSON.parse(metadata.run ?? "{}") as { recipe?: Record<string, unknown> }).recipe ?? {};
}

/**
 * Text that a run alone has: its recipe, and a fingerprint (FNV-1a) of its recordings (how long each is, its first 64
 * samples and its label), of its teacher and of the weights it starts from.
 *
 * @param recipe The settings.
 * @param data What is trained on.
 * @param start Flat weights of another training. Default: the recipe's seed decides.
 */
export function describeRun(recipe: Course, data: TrainingClips, start?: Float32Array): string {
  const { clips, labels, speakers = [], teacher } = data;
  const { otherWords = [], prompts = [], voices = [], fluent = [], recordedNoise = [] } = data;
  let hash = 0x811c9dc5;
  const fluentSamples = fluent.map(({ samples }) => samples);
  [clips, otherWords, prompts, voices, recordedNoise, fluentSamples].forEach((list, place) => {
    list.forEach((clip, i) => {
      const label = list === clips ? labels[i]! + 16 * (speakers[i] ?? 0) : -place;
      for (const word of [label, clip.length, ...new Uint32Array(clip.slice(0, 64).buffer)]) {
        hash = Math.imul(hash ^ word, 0x01000193);
      }
    });
  });
  const said = fluent.flatMap(({ stretches, hard = [] }) => [
    ...stretches.flatMap(({ state, start }) => [state, start]),
    ...hard,
  ]);
  for (const words of [teacher ?? [], said, new Uint32Array(start?.slice().buffer ?? [])]) {
    for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  }
  return JSON.stringify({ recipe, clips: clips.length, fingerprint: hash >>> 0 });
}

type CheckpointFile = ReturnType<typeof readOnnx>;

async function readFileOf(path: string): Promise<CheckpointFile> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is none" : error.message;
    throw new CheckpointError(`checkpoint ${path}: ${reason}`, { cause: error });
  });
  return parse(path, bytes);
}

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
  return { step: Number(metadata.step), weights, average, m, v };
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
    checkSeal(bytes);
    return readOnnx(bytes);
  } catch (cause) {
    throw new CheckpointError(`checkpoint ${path}: the file is damaged`, { cause });
  }
}
