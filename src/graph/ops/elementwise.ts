// Operations on each element alone, with broadcasting. All are float32 unless said otherwise.

import { GraphShapeError } from "../../errors.ts";
import type { Dim, Shape, Value } from "../value.ts";
import { formatShape, sameShape, staticShape } from "../value.ts";
import { reduceSum } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** a + b. @param a Any shape. @param b A shape that combines with it. @throws {GraphShapeError} It does not. */
export function add(a: Value, b: Value): Value {
  const sum = binary("Add", a, b);
  a.graph.record([a, b], [sum], ([d]) => [sumToShape(d!, a.shape), sumToShape(d!, b.shape)]);
  return sum;
}

/** a - b. @param a Any shape. @param b A shape that combines with it. @throws {GraphShapeError} It does not. */
export function sub(a: Value, b: Value): Value {
  const difference = binary("Sub", a, b);
  a.graph.record([a, b], [difference], ([d]) => [sumToShape(d!, a.shape), sumToShape(neg(d!), b.shape)]);
  return difference;
}

/** a · b. @param a Any shape. @param b A shape that combines with it. @throws {GraphShapeError} It does not. */
export function mul(a: Value, b: Value): Value {
  const product = binary("Mul", a, b);
  a.graph.record([a, b], [product], ([d]) => [
    sumToShape(mul(d!, b), a.shape),
    sumToShape(mul(d!, a), b.shape),
  ]);
  return product;
}

/** a / b. @param a Any shape. @param b A shape that combines with it. @throws {GraphShapeError} It does not. */
export function div(a: Value, b: Value): Value {
  const quotient = binary("Div", a, b);
  a.graph.record([a, b], [quotient], ([d]) => [
    sumToShape(div(d!, b), a.shape),
    sumToShape(neg(div(mul(d!, quotient), b)), b.shape),
  ]);
  return quotient;
}

/** The larger of a and b, without a gradient. @param a Any shape. @param b A shape that combines with it. */
export function max(a: Value, b: Value): Value {
  return binary("Max", a, b);
}

/** -x. @param x Any shape. */
export function neg(x: Value): Value {
  const y = unary("Neg", x);
  x.graph.record([x], [y], ([d]) => [neg(d!)]);
  return y;
}

/** eˣ. @param x Any shape. */
export function exp(x: Value): Value {
  const y = unary("Exp", x);
  x.graph.record([x], [y], ([d]) => [mul(d!, y)]);
  return y;
}

/** Natural logarithm. @param x Any shape, > 0. */
export function log(x: Value): Value {
  const y = unary("Log", x);
  x.graph.record([x], [y], ([d]) => [div(d!, x)]);
  return y;
}

/** Square root. @param x Any shape, > 0. */
export function sqrt(x: Value): Value {
  const y = unary("Sqrt", x);
  x.graph.record([x], [y], ([d]) => [div(d!, mul(y, x.graph.scalar(2)))]);
  return y;
}

/** max(x, 0); its gradient at 0 is 0. @param x Any shape. */
export function relu(x: Value): Value {
  const y = unary("Relu", x);
  x.graph.record([x], [y], ([d]) => {
    const { graph } = x;
    const positive = graph.add("Greater", [y, graph.scalar(0)], [{ type: "bool", shape: y.shape }]);
    return graph.add("Where", [positive[0], d, graph.scalar(0)], [{ type: "float32", shape: x.shape }]);
  });
  return y;
}

function unary(opType: string, x: Value): Value {
  return x.graph.add(opType, [x], [{ type: x.type, shape: x.shape }])[0]!;
}

function binary(opType: string, a: Value, b: Value): Value {
  const shape = broadcastShapes(a.shape, b.shape, opType.toLowerCase());
  return a.graph.add(opType, [a, b], [{ type: a.type, shape }])[0]!;
}

// NumPy-style broadcasting: shapes are aligned at their last dimension, a length of 1 stretches.

/**
 * The shape of an element-wise result.
 *
 * @param a Shape of one operand.
 * @param b Shape of the other.
 * @param where Named in the error.
 * @throws {GraphShapeError} Two lengths differ and neither is 1.
 */
function broadcastShapes(a: Shape, b: Shape, where: string): Dim[] {
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
function sumToShape(value: Value, shape: Shape): Value {
  if (sameShape(value.shape, shape)) return value;
  const from = staticShape(value, "sumToShape");
  const lead = from.length - shape.length;
  const stretched = from.flatMap((dim, axis) =>
    axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : [],
  );
  return reshape(reduceSum(value, { axes: stretched, keepDims: true }), shape as number[]);
}
