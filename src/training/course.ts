import { InvalidArgumentError } from "../errors.ts";

/** The settings of a training that do not depend on what is trained. */
export type Course = {
  /** Of the initial weights, the order of the examples and every augmentation. */
  seed: number;
  /** Optimizer steps, >= 1. */
  steps: number;
  /** Examples per step, a multiple of groupSize. */
  batchSize: number;
  /** Examples that go through the net together, and share batch statistics; groups are spread over the workers. */
  groupSize: number;
  /** Highest learning rate of the cycle. */
  learningRate: number;
  /** Share of the steps in which the learning rate rises. */
  warmupShare: number;
  /** Learning rate of the convolutions under Muon, as a multiple of `learningRate`; 0: AdamW trains them like all else. */
  muonFactor: number;
  /** Decay of convolution and dense weights per step, times the learning rate. */
  weightDecay: number;
  /** Share kept per step by the moving average of the weights, which is the model that ships. */
  emaDecay: number;
};

/**
 * Checks the settings of a training.
 *
 * @param course What a caller made.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function checkCourse(course: Course): void {
  const { steps, batchSize, groupSize, seed } = course;
  for (const [name, value] of Object.entries({ steps, batchSize, groupSize })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new InvalidArgumentError(`recipe: ${name} must be a whole number >= 1, got ${value}`);
    }
  }
  if (!Number.isInteger(seed))
    throw new InvalidArgumentError(`recipe: seed must be a whole number, got ${seed}`);
  if (batchSize % groupSize !== 0) {
    throw new InvalidArgumentError(
      `recipe: batchSize must be a multiple of groupSize ${groupSize}, got ${batchSize}`,
    );
  }
  if (!(course.learningRate > 0)) {
    throw new InvalidArgumentError(`recipe: learningRate must be > 0, got ${course.learningRate}`);
  }
  if (!(course.muonFactor >= 0)) {
    throw new InvalidArgumentError(`recipe: muonFactor must be >= 0, got ${course.muonFactor}`);
  }
  for (const name of ["warmupShare", "emaDecay"] as const) {
    if (!(course[name] >= 0 && course[name] < 1)) {
      throw new InvalidArgumentError(`recipe: ${name} must be in [0, 1), got ${course[name]}`);
    }
  }
}
