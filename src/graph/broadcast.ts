// NumPy-style broadcasting: shapes are aligned at their last dimension, a length of 1 stretches.

import { GraphShapeError } from "../errors.ts";
import { reduceSum } from "./ops/reduce.ts";
import { reshape } from "./ops/shape.ts";
import type { Dim, Shape, Value } from "./value.ts";
import { formatShape, sameShape, staticShape } from "./value.ts";

/**
 * The shape of an element-wise result.
 *
 * @param a Shape of one operand.
 * @param b Shape of the other.
 * @param where Named in the error.
 * @throws {GraphShapeError} Two lengths differ and neither is 1.
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const fromA = a[axis - rank + a.length] ?? 1;
    const fromB = b[axis - rank + b.length] ?? 1;
    if (fromA === fromB || fromB === 1) return fromA;
    if (fromA === 1) return fromB;
    throw new GraphShapeError(`${where}: cannot combine ${formatShape(a)} and ${formatShape(b)}`);
  });
}

/**
 * Undoes broadcasting: sums `value` over the dimensions that were stretched.
 *
 * @param value A gradient of the broadcast shape.
 * @param shape The operand's own shape.
 */
export function sumToShape(value: Value, shape: Shape): Value {
  if (sameShape(value.shape, shape)) return value;
  const from = staticShape(value, "sumToShape");
  const lead = from.length - shape.length;
  const stretched = from.flatMap((dim, axis) =>
    axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  return reshape(reduceSum(value, { axes: stretched, keepDims: true }), shape as number[]);
}
