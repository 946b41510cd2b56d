import type { Random } from "../../random.ts";

/**
 * Draws one name in proportion to its weight.
 *
 * @param weights Weight >= 0 by name, at least one of them > 0; a name with weight 0 never comes.
 * @param random One draw is taken from it.
 */
export function chooseWeighted<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  random: Random,
): Name {
  const entries = Object.entries(weights) as [Name, number][];
  let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return entries.findLast(([, weight]) => weight > 0)![0];
}
