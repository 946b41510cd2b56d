// Layers of a shipped model: trained numbers as constants, running statistics, no dropout.

import { ModelFormatError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { conv } from "../graph/ops/conv.ts";
import { dense } from "../graph/ops/linear.ts";
import { batchNorm } from "../graph/ops/normalization.ts";
import type { Value } from "../graph/value.ts";
import { formatShape, sameShape } from "../graph/value.ts";
import type { Layers, Weights } from "./layers.ts";
import { convPadding, convWeightShape } from "./layers.ts";

/**
 * Layers whose numbers are taken from `weights` and stored in the graph under the same names.
 *
 * @param graph Receives the constants.
 * @param weights Every parameter and statistic of the net.
 * @throws {ModelFormatError} (from the layers) One is missing or of another shape.
 */
export function inferenceLayers(graph: Graph, weights: Weights): Layers {
  const constant = (name: string, shape: readonly number[]): Value => {
    const found = weights.get(name);
    if (!found) throw new ModelFormatError(`model: there is no weight "${name}"`);
    if (!sameShape(found.shape, shape)) {
      throw new ModelFormatError(
        `model: weight "${name}" must be ${formatShape(shape)}, got ${formatShape(found.shape)}`,
      );
    }
    return graph.constant(found.data, shape, name);
  };
  return {
    conv(name, x, options) {
      const { stride = 1, depthwise = false, channels } = options;
      const weight = constant(`${name}.weight`, convWeightShape(x, options));
      return conv(x, weight, { stride, padding: convPadding(options), groups: depthwise ? channels : 1 });
    },
    batchNorm(name, x) {
      const channels = [Number(x.shape[1])];
      const parameters = {
        scale: constant(`${name}.scale`, channels),
        bias: constant(`${name}.bias`, channels),
      };
      return batchNorm(x, parameters, {
        mean: constant(`${name}.mean`, channels),
        variance: constant(`${name}.variance`, channels),
      });
    },
    dense: (name, x, units) =>
      dense(x, constant(`${name}.weight`, [Number(x.shape[1]), units]), constant(`${name}.bias`, [units])),
    dropout: (_name, x) => x,
  };
}
