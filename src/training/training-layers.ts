// Layers of a net in training: parameters are inputs of the graph, so that the optimizer can change them between
// steps, and batch normalisation goes by the batch.

import type { Graph } from "../graph/graph.ts";
import { conv } from "../graph/ops/conv.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { dense } from "../graph/ops/linear.ts";
import { batchNormTraining } from "../graph/ops/normalization.ts";
import type { Value } from "../graph/value.ts";
import { convPadding, convWeightShape, type Layers } from "../model/layers.ts";

/** How a parameter starts: normal with a standard deviation of sqrt(gain / fanIn), or all the same. */
export type InitialValue = { gain: number; fanIn: number } | { fill: number };

/** A parameter of a net, as an input of its graph. */
type Parameter = { value: Value; initial: InitialValue };

/** What a net in training has besides its output. */
export type TrainingLayers = Layers & {
  /** Parameters in the order the net uses them. */
  readonly parameters: Parameter[];
  /** Mean and variance of each batch normalisation, under the names that a shipped model gives them. */
  readonly statistics: { name: string; value: Value }[];
  /** Dropout masks to feed: 0, or 1 / (1 - rate). */
  readonly dropouts: { value: Value; rate: number }[];
};

/** Gain for a layer followed by a rectifier (He et al., https://arxiv.org/abs/1502.01852), and for one that is not. */
const RECTIFIED_GAIN = 2;
const LINEAR_GAIN = 1;

/** Layers that declare their parameters as inputs. @param graph Receives the inputs. */
export function trainingLayers(graph: Graph): TrainingLayers {
  const parameters: Parameter[] = [];
  const statistics: TrainingLayers["statistics"] = [];
  const dropouts: TrainingLayers["dropouts"] = [];
  const parameter = (name: string, shape: readonly number[], initial: InitialValue): Value => {
    const value = graph.input(name, shape);
    parameters.push({ value, initial });
    return value;
  };
  return {
    parameters,
    statistics,
    dropouts,
    conv(name, x, options) {
      const { stride = 1, depthwise = false, channels } = options;
      const shape = convWeightShape(x, options);
      const fanIn = shape.slice(1).reduce((product, dim) => product * dim, 1);
      const weight = parameter(`${name}.weight`, shape, { gain: RECTIFIED_GAIN, fanIn });
      return conv(x, weight, { stride, padding: convPadding(options), groups: depthwise ? channels : 1 });
    },
    batchNorm(name, x) {
      const channels = [Number(x.shape[1])];
      const scale = parameter(`${name}.scale`, channels, { fill: 1 });
      const bias = parameter(`${name}.bias`, channels, { fill: 0 });
      const { y, statistics: found } = batchNormTraining(x, { scale, bias });
      statistics.push(
        { name: `${name}.mean`, value: found.mean },
        { name: `${name}.variance`, value: found.variance },
      );
      return y;
    },
    dense(name, x, units) {
      const fanIn = Number(x.shape[1]);
      const weight = parameter(`${name}.weight`, [fanIn, units], { gain: LINEAR_GAIN, fanIn });
      return dense(x, weight, parameter(`${name}.bias`, [units], { fill: 0 }));
    },
    dropout(name, x, rate) {
      const mask = graph.input(name, x.shape);
      dropouts.push({ value: mask, rate });
      return mul(x, mask);
    },
  };
}
