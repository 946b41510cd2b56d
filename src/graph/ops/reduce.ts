// Sums and means over whole dimensions, and the log of the softmax.

import { GraphShapeError } from "../../errors.ts";
import type { Shape, Value } from "../value.ts";
import { formatShape, sizeOf, staticShape } from "../value.ts";
import { exp, mul, sub } from "./elementwise.ts";
import { expand, reshape } from "./shape.ts";

/** What to reduce. */
export type ReduceOptions = {
  /** Dimensions, 0 <= axis < rank. */
  axes: readonly number[];
  /** Whether they stay, with length 1. Default: false. */
  keepDims?: boolean;
};

/**
 * Sum over `axes`.
 *
 * @param x Any shape.
 * @param options.axes Dimensions, 0 <= axis < rank; none: `x` itself.
 * @throws {GraphShapeError} An axis does not exist.
 */
export function reduceSum(x: Value, options: ReduceOptions): Value {
  return reduce("ReduceSum", x, options, () => 1);
}

/** Mean over `axes`. @param x Known shape. @param options.axes Dimensions. @throws {GraphShapeError} No such axis. */
export function reduceMean(x: Value, options: ReduceOptions): Value {
  return reduce("ReduceMean", x, options, (shape) => 1 / sizeOf(options.axes.map((axis) => shape[axis]!)));
}

/**
 * Sum of squares over `axes`, without a gradient.
 *
 * @param x Any shape.
 * @param options.axes Dimensions.
 * @throws {GraphShapeError} An axis does not exist.
 */
export function reduceSumSquare(x: Value, { axes, keepDims = false }: ReduceOptions): Value {
  return emitReduction("ReduceSumSquare", x, axes, keepDims);
}

/** log(softmax(x)) over the last dimension. @param x Known shape of one dimension or more. */
export function logSoftmax(x: Value): Value {
  const axis = x.shape.length - 1;
  const [y] = x.graph.add("LogSoftmax", [x], [{ type: x.type, shape: x.shape }], { axis: { int: axis } });
  x.graph.record([x], [y!], ([d]) => {
    const total = reduceSum(d!, { axes: [axis], keepDims: true });
    return [sub(d!, mul(exp(y!), total))];
  });
  return y!;
}

/** Softmax over the last dimension, without a gradient. @param x Any shape of one dimension or more. */
export function softmax(x: Value): Value {
  const axis = { int: x.shape.length - 1 };
  return x.graph.add("Softmax", [x], [{ type: x.type, shape: x.shape }], { axis })[0]!;
}

function reduce(
  opType: string,
  x: Value,
  { axes, keepDims = false }: ReduceOptions,
  share: (shape: number[]) => number,
): Value {
  if (axes.length === 0) return x;
  const y = emitReduction(opType, x, axes, keepDims);
  x.graph.record([x], [y], ([d]) => {
    const shape = staticShape(x, opType);
    const kept = reshape(d!, keptShape(shape, axes) as number[]);
    const scale = share(shape);
    return [expand(scale === 1 ? kept : mul(kept, x.graph.scalar(scale)), shape)];
  });
  return y;
}

function emitReduction(opType: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  if (axes.some((axis) => axis < 0 || axis >= x.shape.length)) {
    throw new GraphShapeError(`${opType}: no axes [${axes.join(", ")}] in ${formatShape(x.shape)}`);
  }
  const shape = keepDims ? keptShape(x.shape, axes) : x.shape.filter((_, axis) => !axes.includes(axis));
  const attributes = { keepdims: { int: keepDims ? 1 : 0 } };
  return x.graph.add(opType, [x, x.graph.integers(axes)], [{ type: x.type, shape }], attributes)[0]!;
}

const keptShape = (shape: Shape, axes: readonly number[]) =>
  shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
