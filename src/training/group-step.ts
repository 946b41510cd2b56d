// What a worker does in a step: draws its groups of examples, augments them, and runs the step's graph on each.

import type { OnnxRuntime } from "../graph/program.ts";
import { compile } from "../graph/program.ts";
import { architecture } from "../model/architectures.ts";
import { frameCount } from "../model/log-mel.ts";
import { createRandom } from "../random.ts";
import { createBatchSource } from "./arithmetic/batch-source.ts";
import { drawBatch } from "./arithmetic/draw-batch.ts";
import { RANDOM_STREAMS } from "./arithmetic/random-streams.ts";
import { allocateBatch } from "./arithmetic/training-batch.ts";
import { warpFactors } from "./arithmetic/vocal-tract-warp.ts";
import type { Recipe } from "./recipe.ts";
import type { StepGraph } from "./step-graph.ts";
import { buildStepGraph, gradientName } from "./step-graph.ts";
import type { FluentClip } from "./stream/fluent-clip.ts";
import { createTeacher } from "./teacher.ts";
import { viewSlots, weightLayout } from "./weight-layout.ts";

/** Recordings to train on: mono, 8 kHz. */
export type TrainingClips = {
  /** Every one of them comes once in an epoch. */
  clips: readonly Float32Array[];
  /** Class of each clip, 0..10. */
  labels: readonly number[];
  /** Who says each clip, by number: strings and speech patched from pieces have one speaker. Default: not told. */
  speakers?: readonly number[];
  /** Speech that is no digit, drawn from for the class "none". Default: none. */
  otherWords?: readonly Float32Array[];
  /** Phrases of one voice, which the stream model hears in other voices; classifiers do not hear them. Default: none. */
  prompts?: readonly Float32Array[];
  /** Speech of many voices without a digit. Default: none. */
  voices?: readonly Float32Array[];
  /** Recordings of fluent speech, which the stream model alone hears. Default: none. */
  fluent?: readonly FluentClip[];
  /** Noise to lay under the clips. Default: computed noise alone. */
  recordedNoise?: readonly Float32Array[];
  /** A classifier's file to learn from as well; see {@link createTeacher}. Default: none. */
  teacher?: Uint8Array;
};

/** Runs groups of a batch through the net, forwards and backwards. */
export type GroupRunner = {
  /**
   * @param request.step Which step, from 0.
   * @param request.group Which group of the batch, from 0.
   * @param request.weights Flat, as `weightLayout` lays it out; only the parameters are read.
   * @param request.into Flat, of the same layout: receives the gradients and the group's batch statistics.
   * @returns The group's mean loss.
   */
  run(request: { step: number; group: number; weights: Float32Array; into: Float32Array }): Promise<number>;
  release(): Promise<void>;
};

/**
 * Prepares to run groups.
 *
 * @param ort The runtime.
 * @param recipe The training's settings.
 * @param data Recordings to draw from.
 * @throws {InvalidArgumentError} There are no recordings, or a setting of the augmentation is out of range.
 */
export async function createGroupRunner(
  ort: OnnxRuntime,
  recipe: Recipe,
  data: TrainingClips,
): Promise<GroupRunner> {
  const net = architecture(recipe.architecture);
  const { groupSize, batchSize, seed, augmentation } = recipe;
  const step = buildStepGraph(net, { batchSize: groupSize, warpFactors: warpFactors(augmentation) });
  const layout = weightLayout(step);
  const program = await compile(ort, step.graph);
  const source = createBatchSource({ ...data, seed, settings: augmentation });
  const teacher = data.teacher && (await createTeacher(ort, data.teacher, recipe.teacherShare));
  const shape = { nMels: net.logMel.nMels, nFrames: frameCount(net.logMel) };
  const batch = allocateBatch({ count: groupSize, ...shape });
  return {
    async run({ step: number, group, weights, into }) {
      const from = group * groupSize;
      drawBatch(source, {
        step: number,
        batchSize,
        groupSize,
        from,
        to: from + groupSize,
        ...shape,
        into: batch,
      });
      await teacher?.softenInPlace(batch);
      const results = await program.run({
        samples: batch.samples,
        warp_index: batch.warpIndex,
        masks: batch.masks,
        mix_weights: batch.mixWeights,
        permutation: batch.permutation,
        targets: batch.targets,
        ...viewSlots(weights, layout.parameters),
        ...drawDropout(step, [seed, RANDOM_STREAMS.dropout, number, group]),
      });
      for (const { name, offset } of layout.parameters)
        into.set(results[gradientName(name)] as Float32Array, offset);
      for (const { name, offset } of layout.statistics) into.set(results[name] as Float32Array, offset);
      return Number(results.loss![0]);
    },
    async release() {
      await Promise.all([program.release(), teacher?.release()]);
    },
  };
}

/**
 * Draws the dropout masks of a group.
 *
 * @param step The step's graph.
 * @param key Decides them.
 * @returns By the name of the graph's input.
 */
export function drawDropout(
  step: Pick<StepGraph, "dropouts">,
  key: readonly number[],
): Record<string, Float32Array> {
  return Object.fromEntries(
    step.dropouts.map(({ value: { name, shape }, rate }, layer) => {
      const random = createRandom(...key, layer);
      const [rows, columns] = shape as [number, number];
      const mask = Float32Array.from({ length: rows * columns }, () =>
        random.chance(rate) ? 0 : 1 / (1 - rate),
      );
      return [name, mask];
    }),
  );
}
