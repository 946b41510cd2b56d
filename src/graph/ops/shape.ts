// Operations that move elements without changing them.

import { GraphShapeError } from "../../errors.ts";
import { shiftDim } from "../dims.ts";
import type { Dim, Shape, Value } from "../value.ts";
import { formatShape, sizeOf, staticShape } from "../value.ts";
import { reduceSum } from "./reduce.ts";

/**
 * The same elements in another shape.
 *
 * @param x Any shape.
 * @param shape Lengths; at most one may be a name, which then takes what is left.
 * @throws {GraphShapeError} The shapes hold different numbers of elements.
 */
export function reshape(x: Value, shape: Shape): Value {
  const known = [...x.shape, ...shape].every((dim) => typeof dim === "number");
  if (known && sizeOf(x.shape as number[]) !== sizeOf(shape as number[])) {
    throw new GraphShapeError(`reshape: ${formatShape(x.shape)} does not fit ${formatShape(shape)}`);
  }
  const lengths = x.graph.integers(shape.map((dim) => (typeof dim === "number" ? dim : -1)));
  const [y] = x.graph.add("Reshape", [x, lengths], [{ type: x.type, shape }]);
  x.graph.record([x], [y!], ([d]) => [reshape(d!, staticShape(x, "reshape"))]);
  return y!;
}

/**
 * Dimensions in another order.
 *
 * @param x Any shape.
 * @param order For each dimension of the result, which one of `x` it is.
 * @throws {GraphShapeError} `order` is no permutation of the dimensions.
 */
export function transpose(x: Value, order: readonly number[]): Value {
  if ([...order].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
    throw new GraphShapeError(`transpose: [${order.join(", ")}] does not order ${formatShape(x.shape)}`);
  }
  const shape = order.map((axis) => x.shape[axis] as Dim);
  const [y] = x.graph.add("Transpose", [x], [{ type: x.type, shape }], { perm: { ints: order } });
  const inverse = order.map((_, axis) => order.indexOf(axis));
  x.graph.record([x], [y!], ([d]) => [transpose(d!, inverse)]);
  return y!;
}

/**
 * Stretches dimensions of length 1 to those of `shape`.
 *
 * @param x As many dimensions as `shape`, each its length or 1.
 * @param shape Lengths of the result.
 * @throws {GraphShapeError} A dimension is neither.
 */
export function expand(x: Value, shape: readonly number[]): Value {
  const stretched = shape.flatMap((dim, axis) => (x.shape[axis] === dim ? [] : [axis]));
  if (x.shape.length !== shape.length || stretched.some((axis) => x.shape[axis] !== 1)) {
    throw new GraphShapeError(`expand: ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`);
  }
  if (stretched.length === 0) return x;
  const [y] = x.graph.add("Expand", [x, x.graph.integers(shape)], [{ type: x.type, shape }]);
  x.graph.record([x], [y!], ([d]) => [reduceSum(d!, { axes: stretched, keepDims: true })]);
  return y!;
}

/**
 * A box of elements: from `starts` up to, not including, `ends`, along `axes`, each `steps`-th (default 1). Negative numbers
 * count from the end, and -0 is the end itself.
 */
export type SliceOptions = {
  axes: readonly number[];
  starts: readonly number[];
  ends: readonly number[];
  steps?: readonly number[];
};

/** The elements of a box, without a gradient. @param x Dimensions in `axes` are known. @param options The box. */
export function slice(x: Value, options: SliceOptions): Value {
  const { axes, starts, ends, steps = axes.map(() => 1) } = options;
  const shape = [...x.shape];
  axes.forEach((axis, i) => {
    shape[axis] = Math.ceil((ends[i]! - starts[i]!) / steps[i]!);
    if (starts[i]! < 0 || ends[i]! > Number(x.shape[axis]) || Number(shape[axis]) < 1) {
      throw new GraphShapeError(
        `slice: no ${starts[i]}..${ends[i]} on axis ${axis} of ${formatShape(x.shape)}`,
      );
    }
  });
  const box = [starts, ends, axes, steps].map((numbers) => x.graph.integers(numbers));
  return x.graph.add("Slice", [x, ...box], [{ type: x.type, shape }])[0]!;
}

/** What to leave out of one dimension, in elements. */
export type TrimOptions = { axis: number; before: number; after: number };

/** The elements between `before` first and `after` last ones of a dimension, without a gradient. @param x Any shape. */
export function trim(x: Value, { axis, before, after }: TrimOptions): Value {
  const end = after === 0 ? Number.MAX_SAFE_INTEGER : -after;
  const shape = [...x.shape];
  shape[axis] = shiftDim(x.shape[axis] as Dim, -before - after);
  return sliceOne(x, { axis, start: before, end, shape });
}

/** The last `count` elements of a dimension, without a gradient. @param x At least as many. */
export function tail(x: Value, { axis, count }: { axis: number; count: number }): Value {
  const shape = [...x.shape];
  shape[axis] = count;
  return sliceOne(x, { axis, start: -count, end: Number.MAX_SAFE_INTEGER, shape });
}

function sliceOne(x: Value, options: { axis: number; start: number; end: number; shape: Shape }): Value {
  const { axis, start, end, shape } = options;
  const box = [start, end, axis, 1].map((number) => x.graph.integers([number]));
  return x.graph.add("Slice", [x, ...box], [{ type: x.type, shape }])[0]!;
}

/**
 * Values one after another along `axis`, without a gradient.
 *
 * @param values Alike in all other dimensions.
 * @param axis The dimension they are joined along; the length of one may be a name.
 */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values as [Value];
  const shape = [...first.shape];
  shape[axis] = values.map(({ shape: part }) => part[axis] as Dim).reduce(addDims);
  return first.graph.add("Concat", values, [{ type: first.type, shape }], { axis: { int: axis } })[0]!;
}

function addDims(a: Dim, b: Dim): Dim {
  return typeof b === "number" ? shiftDim(a, b) : shiftDim(b, Number(a));
}

/** Zeros around `x`, without a gradient. @param x Known shape. @param before @param after Counts per dimension. */
export function pad(x: Value, before: readonly number[], after: readonly number[]): Value {
  const shape = staticShape(x, "pad").map((dim, axis) => before[axis]! + dim + after[axis]!);
  return x.graph.add("Pad", [x, x.graph.integers([...before, ...after])], [{ type: x.type, shape }])[0]!;
}

/**
 * Rows of `x` picked by `indices`: x[indices, ...], without a gradient.
 *
 * @param x At least one dimension.
 * @param indices int32 or int64, each 0 <= index < x.shape[0].
 * @returns Shape [...indices.shape, ...x.shape without the first].
 */
export function gather(x: Value, indices: Value): Value {
  const shape = [...indices.shape, ...x.shape.slice(1)];
  return x.graph.add("Gather", [x, indices], [{ type: x.type, shape }], { axis: { int: 0 } })[0]!;
}
