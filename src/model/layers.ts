// What a net is made of. A net is written once against `Layers`; training feeds the parameters and normalises by the
// batch, a shipped model holds them as constants and normalises by running statistics.

import type { Value } from "../graph/value.ts";

/** A convolution's shape. */
export type ConvLayerOptions = {
  /** Channels that come out. */
  channels: number;
  /** Side of the kernel, odd, or its height and width. Default: 3. */
  kernel?: number | readonly [number, number];
  /** Step of the kernel. Default: 1. */
  stride?: number;
  /** Zeros on each side, of the height and of the width. Default: as many as keep the plane. */
  padding?: readonly [number, number];
  /** One kernel per channel; as many channels come out as go in. Default: false. */
  depthwise?: boolean;
};

/** The layers that have parameters, or that differ between training and use. Names are unique within a net. */
export type Layers = {
  /** [B, C, H, W] to [B, channels, H / stride, W / stride]; no bias, since batch normalisation follows. */
  conv(name: string, x: Value, options: ConvLayerOptions): Value;
  /** [B, C, H, W] to the same. */
  batchNorm(name: string, x: Value): Value;
  /** [B, I] to [B, units], with bias. */
  dense(name: string, x: Value, units: number): Value;
  /** [B, I] to the same; in training each element is dropped with probability `rate`. */
  dropout(name: string, x: Value, rate: number): Value;
};

/** Numbers of a trained net by name, for example `conv1.weight`. */
export type Weights = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

/** Shape of a convolution's weight. @param x Its input. @param options Its settings. @returns [O, I, kernel, kernel] */
export function convWeightShape(
  x: Value,
  { channels, kernel = 3, depthwise = false }: ConvLayerOptions,
): number[] {
  return [channels, depthwise ? 1 : Number(x.shape[1]), ...kernelSides(kernel)];
}

/** Zeros on each side, of the height and of the width. @param options The convolution's settings. */
export function convPadding({ kernel = 3, padding }: ConvLayerOptions): readonly [number, number] {
  if (padding) return padding;
  const [height, width] = kernelSides(kernel);
  return [(height - 1) / 2, (width - 1) / 2];
}

const kernelSides = (kernel: number | readonly [number, number]): readonly [number, number] =>
  typeof kernel === "number" ? [kernel, kernel] : kernel;
