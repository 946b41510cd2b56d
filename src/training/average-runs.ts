// One net out of several trainings of it, each gone on from the one before: the mean of their weights can be better than any
// of them (model soups, Wortsman et al., https://arxiv.org/abs/2203.05482), and costs nothing when it is used.

import { InvalidArgumentError } from "../errors.ts";
import type { Weights } from "../model/layers.ts";
import { loadStartWeights } from "./start-weights.ts";
import type { StepGraph } from "./step-graph.ts";
import { toWeights, weightLayout } from "./weight-layout.ts";

/**
 * Averages what several trainings came to, weights and statistics of batch normalisation alike.
 *
 * @param checkpoints Of trainings of one net, or models of it, at least one.
 * @param step The net's step for one example.
 * @throws {InvalidArgumentError} There is no checkpoint.
 * @throws {CheckpointError} One is not there, damaged, or of another net.
 */
export async function averageRuns(checkpoints: readonly string[], step: StepGraph): Promise<Weights> {
  if (checkpoints.length === 0) throw new InvalidArgumentError("averageRuns: there is no checkpoint");
  const layout = weightLayout(step);
  const runs = await Promise.all(checkpoints.map((path) => loadStartWeights(path, layout)));
  const mean = runs[0]!.map((_, i) => runs.reduce((sum, run) => sum + run[i]!, 0) / runs.length);
  return toWeights(mean, layout);
}
