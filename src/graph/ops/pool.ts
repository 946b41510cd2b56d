import { GraphShapeError } from "../../errors.ts";
import { divideDim } from "../dims.ts";
import type { Value } from "../value.ts";
import { formatShape, staticShape } from "../value.ts";
import { reduceMean } from "./reduce.ts";
import { reshape } from "./shape.ts";

/**
 * The largest element of each box; boxes do not overlap, a remainder at the far edges is left out.
 *
 * @param x [B, C, H, W].
 * @param size Side of a box, 1 <= size <= H, W; or its height and width.
 * @returns [B, C, H / size, W / size], rounded down.
 * @throws {GraphShapeError} The box is larger than the plane.
 */
export function maxPool(x: Value, size: number | readonly [number, number]): Value {
  const box = typeof size === "number" ? [size, size] : size;
  const plane = x.shape.slice(2).map((dim, axis) => divideDim(dim, box[axis]!));
  if (plane.length !== 2 || plane.some((length) => Number(length) < 1)) {
    throw new GraphShapeError(`maxPool: no boxes of ${box.join(" x ")} in ${formatShape(x.shape)}`);
  }
  const shape = [...x.shape.slice(0, 2), ...plane];
  const attributes = { kernel_shape: { ints: box }, strides: { ints: box } };
  const node = {
    attributes,
    results: [
      { type: x.type, shape },
      { type: "int64" as const, shape },
    ],
  };
  const [y, places] = x.graph.add("MaxPool", [x], node.results, attributes);
  x.graph.record([x], [y!], ([d]) => {
    const full = x.graph.integers(staticShape(x, "maxPool"));
    return [x.graph.add("MaxUnpool", [d, places, full], [{ type: x.type, shape: x.shape }], attributes)[0]];
  });
  return y!;
}

/**
 * The mean of each of grid x grid equal boxes that cover the plane.
 *
 * @param x [B, C, H, W]; H and W are multiples of `grid`.
 * @param grid Boxes along each side.
 * @returns [B, C, grid, grid].
 * @throws {GraphShapeError} The boxes would not be equal.
 */
export function averagePoolToGrid(x: Value, grid: number): Value {
  const [b, c, h, w] = x.shape;
  const [rows, columns] = [Number(h) / grid, Number(w) / grid];
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw new GraphShapeError(
      `averagePoolToGrid: ${formatShape(x.shape)} has no ${grid} x ${grid} equal boxes`,
    );
  }
  const boxes = reshape(x, [b!, c!, grid, rows, grid, columns]);
  return reduceMean(boxes, { axes: [3, 5] });
}
