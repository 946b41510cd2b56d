// A value is one tensor of a graph, known by its element type and shape before anything runs.

import { GraphShapeError } from "../errors.ts";
import type { Graph } from "./graph.ts";

/** Element types that our graphs use. */
export type ElementType = "float32" | "float16" | "int64" | "int32" | "bool";

/** One dimension: its length, or a name where the length is known only when the graph runs. */
export type Dim = number | string;

/** Lengths of all dimensions, outermost first; `[]` is a scalar. */
export type Shape = readonly Dim[];

/** A tensor in a graph: an input, a constant, or the result of an operation. */
export type Value = {
  readonly graph: Graph;
  /** Unique within the graph. */
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
};

/**
 * The shape of `value` as numbers.
 *
 * @param value A value whose every dimension is known.
 * @param where Named in the error, for example `conv: x`.
 * @throws {GraphShapeError} A dimension is symbolic.
 */
export function staticShape(value: Value, where: string): number[] {
  return value.shape.map((dim) => {
    if (typeof dim === "number") return dim;
    throw new GraphShapeError(`${where} needs known dimensions, got ${formatShape(value.shape)}`);
  });
}

/** Number of elements of a shape whose dimensions are all known. @param shape Lengths, all numbers. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** `[2, batch, 8]`, for messages. @param shape Any shape. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes agree in every dimension. @param a First shape. @param b Second shape. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}
