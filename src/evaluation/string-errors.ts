/** How the digits heard differ from those spoken. */
export type StringErrors = {
  /** Digits heard as another one. */
  substitutions: number;
  /** Digits spoken and not heard. */
  deletions: number;
  /** Digits heard where none was spoken. */
  insertions: number;
};

/**
 * Counts the fewest errors that turn what was spoken into what was heard (Levenshtein 1966). Where several sets of errors
 * are equally few, the one that leaves the most digits right counts: "12" heard as "21" is a deletion and an insertion,
 * not two substitutions. So the counts do not depend on the way through the table.
 *
 * @param spoken The digits said, in order; may be empty.
 * @param heard The digits heard, in order; may be empty.
 * @returns The three counts; their sum is the edit distance.
 */
export function countStringErrors(spoken: string, heard: string): StringErrors {
  // An error costs `error`, a substitution one more: what they sum up to holds both counts.
  const error = Math.min(spoken.length, heard.length) + 1;
  const cost = cheapestWay(spoken, heard, { gap: error, substitution: error + 1 });
  const substitutions = cost % error;
  const nGaps = Math.floor(cost / error) - substitutions;
  const surplus = heard.length - spoken.length;
  return { substitutions, deletions: (nGaps - surplus) / 2, insertions: (nGaps + surplus) / 2 };
}

function cheapestWay(
  spoken: string,
  heard: string,
  { gap, substitution }: { gap: number; substitution: number },
): number {
  // costs[j]: of turning the part of `spoken` seen so far into the first j digits of `heard`.
  const costs = Array.from({ length: heard.length + 1 }, (_, j) => j * gap);
  for (let i = 0; i < spoken.length; i++) {
    let diagonal = costs[0]!;
    costs[0] = (i + 1) * gap;
    for (let j = 0; j < heard.length; j++) {
      const replaced = diagonal + (spoken[i] === heard[j] ? 0 : substitution);
      diagonal = costs[j + 1]!;
      costs[j + 1] = Math.min(replaced, diagonal + gap, costs[j]! + gap);
    }
  }
  return costs[heard.length]!;
}
