import { readModelInfo } from "../model/model-metadata.ts";
import { readStartCorpora } from "./start-weights.ts";
import type { TrainingParts } from "./training-run.ts";

/**
 * Names of the corpora that a training hears, itself or through others: its own recordings, those of its teacher, and
 * those of the run whose weights it starts from. They all have to be named where the model is published.
 *
 * @param parts What it trains on.
 * @param startFrom Checkpoint that it starts from. Default: none.
 * @throws {CheckpointError} The checkpoint cannot be read.
 * @throws {ModelFormatError} The teacher is no model of this package.
 */
export async function corporaHeard(
  parts: Omit<TrainingParts, "validation">,
  startFrom?: string,
): Promise<string[]> {
  const { train, otherWords = [], voices = [], noise = [], teacher } = parts;
  const own = [...train, ...otherWords, ...voices, ...noise].map(({ corpus }) => corpus);
  const taught = teacher ? readModelInfo(teacher).training.corpora : [];
  const earlier = startFrom === undefined ? [] : await readStartCorpora(startFrom);
  return [...new Set([...own, ...(Array.isArray(taught) ? taught.map(String) : []), ...earlier])];
}
