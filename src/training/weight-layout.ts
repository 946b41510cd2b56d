// Where each parameter and statistic of a net lies in one flat array, so that workers can share them all at once.

import { sizeOf, type Value } from "../graph/value.ts";
import type { Weights } from "../model/layers.ts";
import { createRandom } from "../random.ts";
import { RANDOM_STREAMS } from "./arithmetic/random-streams.ts";
import type { StepGraph } from "./step-graph.ts";
import type { InitialValue } from "./training-layers.ts";

/** One tensor's place. */
export type Slot = { name: string; shape: readonly number[]; offset: number; length: number };

/** Places of all parameters, then all statistics. */
export type WeightLayout = { parameters: Slot[]; statistics: Slot[]; size: number };

/** Name of the output that holds a parameter's gradient. @param parameter Name of the parameter. */
export const gradientName = (parameter: string): string => `${parameter}.gradient`;

/** Lays out a step's parameters and statistics. @param step The graph. */
export function weightLayout(step: Pick<StepGraph, "parameters" | "statistics">): WeightLayout {
  let size = 0;
  const place = (name: string, { shape }: Value): Slot => {
    const length = sizeOf(shape as number[]);
    size += length;
    return { name, shape: shape as number[], offset: size - length, length };
  };
  const parameters = step.parameters.map(({ value }) => place(value.name, value));
  const statistics = step.statistics.map(({ name, value }) => place(name, value));
  return { parameters, statistics, size };
}

/**
 * Views on one tensor after another of a flat array.
 *
 * @param flat As long as the layout's size.
 * @param slots Which tensors.
 * @returns By name; writing to a view writes to `flat`.
 */
export function viewSlots(flat: Float32Array, slots: readonly Slot[]): Record<string, Float32Array> {
  return Object.fromEntries(
    slots.map(({ name, offset, length }) => [name, flat.subarray(offset, offset + length)]),
  );
}

/** Tensors of a flat array in the form that a model is built from. @param flat All values. @param layout Places. */
export function toWeights(flat: Float32Array, layout: WeightLayout): Weights {
  const { parameters, statistics } = layout;
  return new Map(
    [...parameters, ...statistics].map(({ name, shape, offset, length }) => [
      name,
      { shape, data: flat.slice(offset, offset + length) },
    ]),
  );
}

/**
 * Fills a flat array with the values that training starts from; statistics start at mean 0 and variance 1.
 *
 * @param flat Written to.
 * @param options.step The graph, for how each parameter starts.
 * @param options.layout Places.
 * @param options.seed Of the training.
 */
export function initialiseInPlace(
  flat: Float32Array,
  options: { step: Pick<StepGraph, "parameters">; layout: WeightLayout; seed: number },
): void {
  const { step, layout, seed } = options;
  step.parameters.forEach(({ initial }, i) => {
    const { offset, length } = layout.parameters[i]!;
    fillInPlace(flat.subarray(offset, offset + length), initial, [seed, RANDOM_STREAMS.initialWeights, i]);
  });
  for (const { name, offset, length } of layout.statistics) {
    flat.fill(name.endsWith(".variance") ? 1 : 0, offset, offset + length);
  }
}

function fillInPlace(values: Float32Array, initial: InitialValue, key: number[]): void {
  if ("fill" in initial) {
    values.fill(initial.fill);
    return;
  }
  const random = createRandom(...key);
  const deviation = Math.sqrt(initial.gain / initial.fanIn);
  for (let i = 0; i < values.length; i++) values[i] = deviation * random.normal();
}
