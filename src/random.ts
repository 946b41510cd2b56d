// Reproducible randomness without hidden state: a generator is made from a key (seed, step, example, ...), so any
// draw can be repeated alone, in any worker, after any interruption.
//
// The generator is sfc32 (Chris Doty-Humphrey, PractRand); its state is filled from the key by the finaliser of
// MurmurHash3 (Austin Appleby).

/** A stream of random draws. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** A whole number in [low, highExclusive). */
  integer(low: number, highExclusive: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal. */
  normal(): number;
  /** A shuffled copy of `items` (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[];
};

/**
 * A generator that depends on its key alone.
 *
 * @param key Whole numbers; the same key gives the same stream, keys that differ anywhere give unrelated ones.
 */
export function createRandom(...key: number[]): Random {
  const next = sfc32(key);
  const uniform = (low: number, high: number) => low + (high - low) * next();
  const integer = (low: number, highExclusive: number) => low + Math.floor((highExclusive - low) * next());
  return {
    next,
    uniform,
    integer,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle<T>(items: readonly T[]): T[] {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = integer(0, i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
      }
      return shuffled;
    },
  };
}

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

/**
 * Draws a number whose logarithm is uniform.
 *
 * @param range Least and most, > 0.
 * @param random One draw is taken from it.
 */
export function drawLogUniform([least, most]: readonly [number, number], random: Random): number {
  return least * (most / least) ** random.next();
}

function sfc32(key: readonly number[]): () => number {
  let [a, b, c, counter] = [1, 2, 3, 1].map((salt) => hashKey(key, salt)) as [number, number, number, number];
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function hashKey(key: readonly number[], salt: number): number {
  let hash = Math.imul(salt, 0x9e3779b9);
  for (const word of key) hash = mix((hash ^ mix((word | 0) + 0x6d2b79f5)) + 0x7f4a7c15);
  return hash;
}

function mix(word: number): number {
  let hash = word | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
