import { GraphShapeError } from "../../errors.ts";
import type { Dim, Value } from "../value.ts";
import { formatShape } from "../value.ts";
import { add } from "./elementwise.ts";

/** Which operands are transposed before the product. */
export type GemmOptions = {
  /** The first. Default: false. */
  transA?: boolean;
  /** The second. Default: false. */
  transB?: boolean;
};

/**
 * Product of two matrices.
 *
 * @param a [M, K], or [K, M] with `transA`.
 * @param b [K, N], or [N, K] with `transB`.
 * @returns [M, N].
 * @throws {GraphShapeError} The inner lengths differ.
 */
export function gemm(a: Value, b: Value, { transA = false, transB = false }: GemmOptions = {}): Value {
  const [m, k] = rowsAndColumns(a, transA);
  const [k2, n] = rowsAndColumns(b, transB);
  if (k !== k2)
    throw new GraphShapeError(`gemm: ${formatShape(a.shape)} and ${formatShape(b.shape)} do not chain`);
  const attributes = { transA: { int: Number(transA) }, transB: { int: Number(transB) } };
  const [y] = a.graph.add("Gemm", [a, b], [{ type: a.type, shape: [m, n] }], attributes);
  a.graph.record([a, b], [y!], ([d]) => [
    transA ? gemm(b, d!, { transA: transB, transB: true }) : gemm(d!, b, { transB: !transB }),
    transB ? gemm(d!, a, { transA: true, transB: transA }) : gemm(a, d!, { transA: !transA }),
  ]);
  return y!;
}

/** x · weight + bias. @param x [B, I]. @param weight [I, O]. @param bias [O]. @returns [B, O]. */
export function dense(x: Value, weight: Value, bias: Value): Value {
  return add(gemm(x, weight), bias);
}

/**
 * Product over the last two dimensions, without a gradient.
 *
 * @param a [..., M, K].
 * @param b [..., K, N]; leading dimensions are those of `a`, or missing on one side.
 * @returns [..., M, N].
 * @throws {GraphShapeError} The inner lengths differ.
 */
export function matMul(a: Value, b: Value): Value {
  const [m, k] = a.shape.slice(-2) as [Dim, Dim];
  const [k2, n] = b.shape.slice(-2) as [Dim, Dim];
  if (k !== k2)
    throw new GraphShapeError(`matMul: ${formatShape(a.shape)} and ${formatShape(b.shape)} do not chain`);
  const lead = a.shape.length >= b.shape.length ? a.shape : b.shape;
  return a.graph.add("MatMul", [a, b], [{ type: a.type, shape: [...lead.slice(0, -2), m, n] }])[0]!;
}

function rowsAndColumns(x: Value, transposed: boolean): [Dim, Dim] {
  if (x.shape.length !== 2) throw new GraphShapeError(`gemm: needs matrices, got ${formatShape(x.shape)}`);
  const [rows, columns] = x.shape as [Dim, Dim];
  return transposed ? [columns, rows] : [rows, columns];
}
