// Arithmetic on dimensions that are known only when the graph runs: such a one is a name, a divisor and an offset,
// for example `samples/128+2`.

import { GraphShapeError } from "../errors.ts";
import type { Dim } from "./value.ts";

type NamedDim = { name: string; divisor: number; offset: number };

/**
 * A dimension made longer.
 *
 * @param dim A length, or a name.
 * @param by Added to it; may be negative.
 * @returns A length, or for example `samples-4`.
 */
export function shiftDim(dim: Dim, by: number): Dim {
  if (typeof dim === "number") return dim + by;
  const parsed = parseDim(dim);
  return formatDim({ ...parsed, offset: parsed.offset + by });
}

/**
 * A dimension divided, rounded down where its length is known.
 *
 * @param dim A length, or a name that stands for a multiple of the divisor.
 * @param divisor >= 1.
 * @returns A length, or for example `samples/2`.
 * @throws {GraphShapeError} The offset of a name is no multiple of the divisor.
 */
export function divideDim(dim: Dim, divisor: number): Dim {
  if (typeof dim === "number") return Math.floor(dim / divisor);
  const { name, divisor: earlier, offset } = parseDim(dim);
  if (offset % divisor !== 0) throw new GraphShapeError(`graph: ${dim} is not divided by ${divisor}`);
  return formatDim({ name, divisor: earlier * divisor, offset: offset / divisor });
}

function parseDim(dim: string): NamedDim {
  const [, name, divisor = "1", offset = "0"] = /^([a-z_]+)(?:\/(\d+))?([+-]\d+)?$/.exec(dim) ?? [];
  if (!name) throw new GraphShapeError(`graph: a dimension's name must be of letters, got ${dim}`);
  return { name, divisor: Number(divisor), offset: Number(offset) };
}

function formatDim({ name, divisor, offset }: NamedDim): string {
  const sign = offset > 0 ? "+" : "";
  return `${name}${divisor === 1 ? "" : `/${divisor}`}${offset === 0 ? "" : `${sign}${offset}`}`;
}
