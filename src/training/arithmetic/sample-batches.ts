import { InvalidArgumentError } from "../../errors.ts";
import { createRandom } from "../../random.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

/**
 * Which items a batch holds: an endless row of epochs, each a random order of all items, cut into batches. A batch may
 * span two epochs. A pure function, so training can go on at any step.
 *
 * @param options.seed Of the whole training.
 * @param options.step Number of the batch, a whole number >= 0.
 * @param options.batchSize Items in a batch, >= 1.
 * @param options.count Items there are, >= 1.
 * @returns [batchSize] indices in [0, count).
 * @throws {InvalidArgumentError} An option is out of range.
 */
export function batchIndices(options: {
  seed: number;
  step: number;
  batchSize: number;
  count: number;
}): Int32Array {
  const { seed, step, batchSize, count } = options;
  for (const [name, value, least] of [
    ["step", step, 0],
    ["batchSize", batchSize, 1],
    ["count", count, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(
        `batchIndices: ${name} must be a whole number >= ${least}, got ${value}`,
      );
  const indices = new Int32Array(batchSize);
  const start = step * batchSize;
  for (let filled = 0; filled < batchSize; ) {
    const epoch = Math.floor((start + filled) / count);
    const first = (start + filled) % count;
    const part = epochOrder(seed, epoch, count).subarray(first, first + batchSize - filled);
    indices.set(part, filled);
    filled += part.length;
  }
  return indices;
}

/** Fisher and Yates. */
function epochOrder(seed: number, epoch: number, count: number): Int32Array {
  const random = createRandom(seed, RANDOM_STREAMS.epochOrder, epoch);
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(0, i + 1);
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}
