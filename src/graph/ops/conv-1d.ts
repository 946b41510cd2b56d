// Convolution along one line, for the front end; without a gradient.

import { GraphShapeError } from "../../errors.ts";
import { divideDim, shiftDim } from "../dims.ts";
import type { Dim, Value } from "../value.ts";
import { formatShape } from "../value.ts";

/**
 * 1-D convolution (cross-correlation).
 *
 * @param x [B, C, L].
 * @param weight [O, C, kernel].
 * @param options.stride Step of the kernel.
 * @param options.padding Zeros before and after the line.
 * @returns [B, O, (L + 2 padding - kernel) / stride + 1 rounded down].
 * @throws {GraphShapeError} The channels do not fit, or the kernel is longer than the padded line.
 */
export function conv1d(
  x: Value,
  weight: Value,
  { stride, padding }: { stride: number; padding: number },
): Value {
  const [o, c, kernel] = weight.shape as [number, number, number];
  const nFrames = divideDim(shiftDim(x.shape[2] as Dim, stride + 2 * padding - kernel), stride);
  if (x.shape.length !== 3 || x.shape[1] !== c || Number(nFrames) < 1) {
    throw new GraphShapeError(
      `conv1d: weight ${formatShape(weight.shape)} does not fit x ${formatShape(x.shape)}`,
    );
  }
  const attributes = {
    kernel_shape: { ints: [kernel] },
    strides: { ints: [stride] },
    pads: { ints: [padding, padding] },
  };
  const shape = [x.shape[0] as Dim, o, nFrames];
  return x.graph.add("Conv", [x, weight], [{ type: x.type, shape }], attributes)[0]!;
}
