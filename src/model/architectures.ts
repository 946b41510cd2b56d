// The nets: 2-D convolutions on a mel spectrogram, each with batch normalisation.
//
// In `standard` pooling stands before the rectifier: both only ever pick larger values, so the order changes nothing but the
// work.

import { InvalidArgumentError } from "../errors.ts";
import { add, mul, relu } from "../graph/ops/elementwise.ts";
import { averagePoolToGrid, maxPool } from "../graph/ops/pool.ts";
import { reduceMean } from "../graph/ops/reduce.ts";
import { reshape } from "../graph/ops/shape.ts";
import type { Value } from "../graph/value.ts";
import type { ConvLayerOptions, Layers } from "./layers.ts";
import { type LogMelOptions, MEL_FLOOR } from "./log-mel.ts";
import { NONE_CLASS } from "./prediction.ts";

/** Classes of every model: the ten digits, then "none". */
export const CLASS_COUNT = NONE_CLASS + 1;

/** A kind of net, by the name its model files carry. */
export type ArchitectureName = "standard" | "compact";

/** A net with its spectrogram. */
export type Architecture = {
  name: ArchitectureName;
  logMel: LogMelOptions;
  /** Test-time augmentation: warps of the mel bands (VTLP) over which a trained net's logits are averaged. */
  testTimeWarps: readonly number[];
  /** From [B, 1, nMels, nFrames] to logits [B, CLASS_COUNT]. */
  build(x: Value, layers: Layers): Value;
};

/** The large net, that of the Python prototype: 128 bands by 128 frames, 2.6 M parameters. */
const standard: Architecture = {
  name: "standard",
  logMel: { nFft: 512, winLength: 512, hopLength: 64, nMels: 128, fMin: 50, fMax: 4000 },
  testTimeWarps: [1],
  build(x, layers) {
    let h = pooledConv(layers, "1", x, 32); //    [B, 32, F/2, T/2]
    h = pooledConv(layers, "2", h, 64); //        [B, 64, F/4, T/4]
    h = pooledConv(layers, "3", h, 128); //       [B, 128, F/8, T/8]
    h = relu(convAndNorm(layers, "4", h, 256)); // [B, 256, F/8, T/8]
    h = flatten(averagePoolToGrid(h, 4)); //      [B, 4096]
    h = layers.dropout("dropout1", relu(layers.dense("dense1", h, 512)), 0.3);
    h = layers.dropout("dropout2", relu(layers.dense("dense2", h, 256)), 0.3);
    return layers.dense("classes", h, CLASS_COUNT);
  },
};

/** The default net: 0.69 M parameters, most of them where planes are small, so that it takes little time. */
const compact: Architecture = {
  name: "compact",
  logMel: { nFft: 256, winLength: 256, hopLength: 128, nMels: 64, fMin: 50, fMax: 4000 },
  testTimeWarps: [0.95, 1.05],
  build(x, layers) {
    let h = halved(layers, "1", x, { channels: 32, kernel: 5 }); // [B, 32, F/2, T/2]
    h = halved(layers, "2", h, { channels: 64 }); //                [B, 64, F/4, T/4]
    h = residual(layers, "3", h);
    h = halved(layers, "4", h, { channels: 128 }); //               [B, 128, F/8, T/8]
    h = residual(layers, "5", h);
    h = residual(layers, "6", h);
    h = halved(layers, "7", h, { channels: 192 }); //               [B, 192, F/16, T/16]
    h = residual(layers, "8", h);
    h = reduceMean(h, { axes: [2, 3] }); //                         [B, 192]
    return layers.dense("classes", layers.dropout("dropout", h, 0.2), CLASS_COUNT);
  },
};

const ARCHITECTURES: Record<ArchitectureName, Architecture> = { standard, compact };

/**
 * The architecture of a name.
 *
 * @param name `standard` or `compact`.
 * @throws {InvalidArgumentError} There is none of that name.
 */
export function architecture(name: string): Architecture {
  if (!Object.hasOwn(ARCHITECTURES, name)) {
    const known = Object.keys(ARCHITECTURES).join(", ");
    throw new InvalidArgumentError(`architecture: must be one of ${known}, got "${name}"`);
  }
  return ARCHITECTURES[name as ArchitectureName];
}

/** A third of the natural logarithm's range above the floor: brings spectrograms to about 0..4, the floor to 0. */
const INPUT_SCALE = 1 / 3;

/**
 * What a net sees of a spectrogram: 0 where it is at its floor, so that the zeros a convolution pads with mean silence.
 *
 * @param spectrogram [B, nMels, nFrames].
 * @returns [B, 1, nMels, nFrames].
 */
export function netInput(spectrogram: Value): Value {
  const { graph } = spectrogram;
  const aboveFloor = add(spectrogram, graph.scalar(-Math.log(MEL_FLOOR)));
  const scaled = mul(aboveFloor, graph.scalar(INPUT_SCALE));
  return reshape(scaled, [spectrogram.shape[0]!, 1, ...spectrogram.shape.slice(1)]);
}

function halved(layers: Layers, index: string, x: Value, options: ConvLayerOptions): Value {
  const h = layers.conv(`conv${index}`, x, { ...options, stride: 2 });
  return relu(layers.batchNorm(`norm${index}`, h));
}

/** Bottleneck with a way around it (He et al., https://arxiv.org/abs/1512.03385), its wide end the 3x3 convolution. */
function residual(layers: Layers, index: string, x: Value): Value {
  const channels = Number(x.shape[1]);
  const narrow = layers.conv(`conv${index}a`, x, { channels: channels / 2, kernel: 1 });
  const h = relu(layers.batchNorm(`norm${index}a`, narrow));
  return relu(add(x, convAndNorm(layers, `${index}b`, h, channels)));
}

function pooledConv(layers: Layers, index: string, x: Value, channels: number): Value {
  return relu(maxPool(convAndNorm(layers, index, x, channels), 2));
}

function convAndNorm(layers: Layers, index: string, x: Value, channels: number): Value {
  return layers.batchNorm(`norm${index}`, layers.conv(`conv${index}`, x, { channels }));
}

function flatten(x: Value): Value {
  const [batch, ...rest] = x.shape;
  return reshape(x, [batch!, rest.reduce<number>((product, dim) => product * Number(dim), 1)]);
}
