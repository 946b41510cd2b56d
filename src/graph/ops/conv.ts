// Convolution over planes. onnxruntime's npm builds hold no gradient kernels, so its gradients are composed:
//
//  - by the input: a convolution of the output's gradient with the kernel turned by half a turn and its channels
//    swapped; where the stride is not 1, a transposed convolution;
//  - by the weight: for each of the kernel's positions, the product of the output's gradient with the input
//    shifted there, both as matrices [channels, batch and plane].
//
// Reference: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, https://arxiv.org/abs/1603.07285

import { GraphShapeError } from "../../errors.ts";
import { divideDim, shiftDim } from "../dims.ts";
import type { Dim, Value } from "../value.ts";
import { formatShape, staticShape } from "../value.ts";
import { mul } from "./elementwise.ts";
import { gemm } from "./linear.ts";
import { reduceSum } from "./reduce.ts";
import { concat, pad, reshape, slice, transpose } from "./shape.ts";

/** How the kernel moves. */
export type ConvOptions = {
  /** Step of the kernel in both directions, >= 1. Default: 1. */
  stride?: number;
  /** Zeros on every side of the plane, >= 0; or above and below, then left and right. Default: 0. */
  padding?: number | readonly [number, number];
  /** Channel groups: 1 (default), or the number of channels for a depthwise convolution. */
  groups?: number;
};

type Geometry = {
  stride: number;
  padding: readonly [number, number];
  groups: number;
  kernel: readonly [number, number];
};

/** Up to this many input channels, one product over all kernel positions beats one per position. */
const FEW_CHANNELS = 8;

/**
 * 2-D convolution (cross-correlation).
 *
 * @param x [B, C, H, W].
 * @param weight [O, C / groups, kernel height, kernel width].
 * @param options.stride Default 1.
 * @param options.padding Zeros on each side, or of the height and of the width. Default 0.
 * @param options.groups 1 (default), or C for a depthwise convolution.
 * @param bias [O], without a gradient. Default: none.
 * @returns [B, O, (H + 2 padding - kernel height) / stride + 1 rounded down, the same for W].
 * @throws {GraphShapeError} The channels do not fit, or the kernel is larger than the padded plane.
 */
export function conv(x: Value, weight: Value, options: ConvOptions = {}, bias?: Value): Value {
  const { stride = 1, padding: sides = 0, groups = 1 } = options;
  const padding = typeof sides === "number" ? ([sides, sides] as const) : sides;
  const [o, perGroup, ...kernel] = staticShape(weight, "conv: weight") as [number, number, number, number];
  const geometry: Geometry = { stride, padding, groups, kernel };
  if (x.shape.length !== 4 || x.shape[1] !== perGroup * groups || o % groups !== 0) {
    throw new GraphShapeError(
      `conv: weight ${formatShape(weight.shape)} in ${groups} groups does not fit x ${formatShape(x.shape)}`,
    );
  }
  const plane = [2, 3].map((axis) => {
    const reach = kernel[axis - 2]! - 2 * padding[axis - 2]!;
    const length = divideDim(shiftDim(x.shape[axis] as Dim, stride - reach), stride);
    if (Number(length) < 1)
      throw new GraphShapeError(`conv: kernel ${kernel} is larger than x ${formatShape(x.shape)}`);
    return length;
  });
  const shape = [x.shape[0] as Dim, o, ...plane];
  const [y] = x.graph.add("Conv", [x, weight, bias], [{ type: x.type, shape }], onnxAttributes(geometry));
  x.graph.record([x, weight], [y!], ([d]) => [
    inputGradient(d!, weight, x, geometry),
    weightGradient(d!, x, weight, geometry),
  ]);
  return y!;
}

function onnxAttributes({ stride, padding, groups, kernel }: Geometry) {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: [stride, stride] },
    pads: { ints: [...padding, ...padding] },
    group: { int: groups },
  };
}

function inputGradient(d: Value, weight: Value, x: Value, geometry: Geometry): Value {
  const { stride, padding, groups, kernel } = geometry;
  const depthwise = groups > 1;
  if (stride !== 1 || (depthwise && weight.shape[0] !== groups)) {
    return transposedConv(d, weight, x, geometry);
  }
  const turned = turnByHalf(weight);
  return conv(d, depthwise ? turned : transpose(turned, [1, 0, 2, 3]), {
    padding: [kernel[0] - 1 - padding[0], kernel[1] - 1 - padding[1]],
    groups,
  });
}

function turnByHalf(weight: Value): Value {
  const { graph, type, shape } = weight;
  const box = [
    [-1, -1],
    [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
    [2, 3],
    [-1, -1],
  ];
  return graph.add(
    "Slice",
    [weight, ...box.map((numbers) => graph.integers(numbers))],
    [{ type, shape }],
  )[0]!;
}

function transposedConv(d: Value, weight: Value, x: Value, geometry: Geometry): Value {
  const { stride, padding, kernel } = geometry;
  const leftOver = [2, 3].map(
    (axis) =>
      Number(x.shape[axis]) -
      ((Number(d.shape[axis]) - 1) * stride + kernel[axis - 2]! - 2 * padding[axis - 2]!),
  );
  const attributes = { ...onnxAttributes(geometry), output_padding: { ints: leftOver } };
  return d.graph.add("ConvTranspose", [d, weight], [{ type: d.type, shape: x.shape }], attributes)[0]!;
}

function weightGradient(d: Value, x: Value, weight: Value, geometry: Geometry): Value {
  if (geometry.groups > 1) return depthwiseWeightGradient(d, x, weight, geometry);
  const [o, c] = staticShape(weight, "conv") as [number, number];
  const columns = shiftedInputs(transpose(x, [1, 0, 2, 3]), d, geometry); // each [C, B, H, W]
  const rows = flattenRows(transpose(d, [1, 0, 2, 3])); // [O, B H W]
  const positions = columns.length;
  if (positions > 1 && c <= FEW_CHANNELS) {
    const product = gemm(rows, flattenRows(concat(columns, 0)), { transB: true }); // [O, positions C]
    return reshape(transpose(reshape(product, [o, positions, c]), [0, 2, 1]), staticShape(weight, "conv"));
  }
  const products = columns.map((column) =>
    reshape(gemm(rows, flattenRows(column), { transB: true }), [o, c, 1]),
  );
  return reshape(concat(products, 2), staticShape(weight, "conv"));
}

function depthwiseWeightGradient(d: Value, x: Value, weight: Value, geometry: Geometry): Value {
  const shape = staticShape(weight, "conv");
  if (shape[1] !== 1 || shape[0] !== geometry.groups) {
    throw new GraphShapeError("conv: only depthwise groups (one channel in, one out) have a gradient");
  }
  const sums = shiftedInputs(x, d, geometry).map((shifted) =>
    reshape(reduceSum(mul(shifted, d), { axes: [0, 2, 3] }), [geometry.groups, 1]),
  );
  return reshape(concat(sums, 1), shape);
}

/** For each kernel position, the elements of x that it meets, in the shape of the output's planes. */
function shiftedInputs(x: Value, d: Value, { stride, padding, kernel }: Geometry): Value[] {
  const border = [0, 0, ...padding];
  const padded = padding.some((zeros) => zeros > 0) ? pad(x, border, border) : x;
  const [height, width] = d.shape.slice(2) as [number, number];
  const shifted: Value[] = [];
  for (let top = 0; top < kernel[0]; top++) {
    for (let left = 0; left < kernel[1]; left++) {
      const ends = [top + (height - 1) * stride + 1, left + (width - 1) * stride + 1];
      shifted.push(slice(padded, { axes: [2, 3], starts: [top, left], ends, steps: [stride, stride] }));
    }
  }
  return shifted;
}

function flattenRows(x: Value): Value {
  const [rows, ...rest] = staticShape(x, "conv") as [number, ...number[]];
  return reshape(x, [rows, rest.reduce((product, dim) => product * dim, 1)]);
}

// Convolution along one line, for the front end; without a gradient.

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
