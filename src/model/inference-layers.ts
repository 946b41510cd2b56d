import { ModelFormatError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { toHalf } from "../graph/half-precision.ts";
import { conv } from "../graph/ops/conv.ts";
import { dense } from "../graph/ops/linear.ts";
import { batchNorm } from "../graph/ops/normalization.ts";
import { formatShape, sameShape, type Value } from "../graph/value.ts";
import { convPadding, convWeightShape, type Layers, type Weights } from "./layers.ts";

/** The number of float32 among the element types of ONNX. */
const ONNX_FLOAT = 1;

/**
 * Layers whose numbers are taken from `weights` and stored in the graph under the same names.
 *
 * @param graph Receives the constants.
 * @param weights Every parameter and statistic of the net.
 * @throws {ModelFormatError} (from the layers) One is missing or of another shape.
 */
export function inferenceLayers(graph: Graph, weights: Weights): Layers {
  const numbersOf = (name: string, shape: readonly number[]): Float32Array => {
    const found = weights.get(name);
    if (!found) throw new ModelFormatError(`model: there is no weight "${name}"`);
    if (sameShape(found.shape, shape)) return found.data;
    throw new ModelFormatError(
      `model: weight "${name}" must be ${formatShape(shape)}, got ${formatShape(found.shape)}`,
    );
  };
  const constant = (name: string, shape: readonly number[]): Value =>
    graph.constant(numbersOf(name, shape), shape, name);
  // In half precision the file is half as large; the runtime turns them back once, when it loads the model.
  const constantAsHalf = (name: string, shape: readonly number[]): Value => {
    const half = graph.constant(toHalf(numbersOf(name, shape)), shape, name);
    return graph.add("Cast", [half], [{ type: "float32", shape }], { to: { int: ONNX_FLOAT } })[0]!;
  };
  return {
    conv(name, x, options) {
      const { stride = 1, depthwise = false, channels } = options;
      const weight = constantAsHalf(`${name}.weight`, convWeightShape(x, options));
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
      dense(
        x,
        constantAsHalf(`${name}.weight`, [Number(x.shape[1]), units]),
        constant(`${name}.bias`, [units]),
      ),
    dropout: (_name, x) => x,
  };
}
