import { InvalidArgumentError } from "../errors.ts";
import { createRandom } from "../random.ts";

const SUBSET_STREAM = 43;

/**
 * Some of a list, drawn so that each label has its share: as many of each as of any other, as far as there are so many.
 *
 * @param items Any, each with a label.
 * @param options.limit How many at most, a whole number >= 1.
 * @param options.seed A whole number; the same gives the same items.
 * @returns At most `limit` items, in the order given.
 * @throws {InvalidArgumentError} `limit` or `seed` is out of range.
 */
export function drawSubset<Item>(
  items: readonly Item[],
  options: { limit: number; seed: number; labelOf: (item: Item) => unknown },
): Item[] {
  const { limit, seed, labelOf } = options;
  if (!(Number.isSafeInteger(limit) && limit >= 1)) {
    throw new InvalidArgumentError(`drawSubset: limit must be a whole number >= 1, got ${limit}`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError(`drawSubset: seed must be a whole number, got ${seed}`);
  }
  if (items.length <= limit) return [...items];
  const random = createRandom(seed, SUBSET_STREAM);
  const drawn = new Map<unknown, number>();
  const ranked = random.shuffle([...items.keys()]).map((index) => {
    const label = labelOf(items[index]!);
    const rank = drawn.get(label) ?? 0;
    drawn.set(label, rank + 1);
    return { index, rank };
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, limit);
  return chosen
    .map(({ index }) => index)
    .sort((a, b) => a - b)
    .map((index) => items[index]!);
}
