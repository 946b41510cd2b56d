// RFC 9639, sections 9.2 and 10: one channel of a frame. Sums of 32 products of 15 and 33 bits are exact in a double.

import type { BitReader } from "./bit-reader.ts";

type Shape = { blockSize: number; bitsPerSample: number };

const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]].map((row) => Float64Array.from(row));

/**
 * Decodes one channel of a frame.
 *
 * @param reader At the subframe; left behind it.
 * @param shape.blockSize Samples, 1..65536.
 * @param shape.bitsPerSample 4..33.
 * @returns Whole numbers.
 * @throws {Error} It is damaged.
 */
export function decodeSubframe(reader: BitReader, { blockSize, bitsPerSample }: Shape): Float64Array {
  if (reader.read(1) !== 0) throw new Error("a subframe that does not begin with 0");
  const type = reader.read(6);
  const nWasted = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
  const width = bitsPerSample - nWasted;
  if (width < 1) throw new Error(`${nWasted} wasted of ${bitsPerSample} bits`);
  const samples = decodeType(reader, type, { blockSize, bitsPerSample: width });
  if (nWasted > 0) for (let i = 0; i < blockSize; i++) samples[i]! *= 2 ** nWasted;
  return samples;
}

function decodeType(reader: BitReader, type: number, shape: Shape): Float64Array {
  const { blockSize, bitsPerSample } = shape;
  if (type === 0) return new Float64Array(blockSize).fill(readSample(reader, bitsPerSample));
  if (type === 1) return readVerbatim(reader, shape);
  if (type >= 8 && type <= 12) return decodeFixed(reader, type - 8, shape);
  if (type >= 32) return decodeLpc(reader, type - 31, shape);
  throw new Error(`a subframe of reserved type ${type}`);
}

function readSample(reader: BitReader, width: number): number {
  return width <= 32 ? reader.readSigned(width) : reader.readSigned(1) * 2 ** 32 + reader.read(32);
}

// The samples have to be there before room is made for them.
function readVerbatim(reader: BitReader, { blockSize, bitsPerSample }: Shape): Float64Array {
  if (reader.remaining < blockSize * bitsPerSample) throw new Error("a subframe longer than the file");
  const samples = new Float64Array(blockSize);
  for (let i = 0; i < blockSize; i++) samples[i] = readSample(reader, bitsPerSample);
  return samples;
}

function decodeFixed(reader: BitReader, order: number, shape: Shape): Float64Array {
  const samples = readWarmUp(reader, order, shape);
  readResidual(reader, samples, order);
  restore(samples, FIXED[order]!, 0);
  return samples;
}

function decodeLpc(reader: BitReader, order: number, shape: Shape): Float64Array {
  const samples = readWarmUp(reader, order, shape);
  const precision = reader.read(4) + 1;
  const shift = reader.readSigned(5);
  if (precision === 16 || shift < 0) throw new Error("a predictor of reserved form");
  const coefficients = new Float64Array(order);
  for (let i = 0; i < order; i++) coefficients[i] = reader.readSigned(precision);
  readResidual(reader, samples, order);
  restore(samples, coefficients, shift);
  return samples;
}

function readWarmUp(reader: BitReader, order: number, { blockSize, bitsPerSample }: Shape): Float64Array {
  if (order > blockSize) throw new Error(`${order} samples to begin with in a block of ${blockSize}`);
  const samples = new Float64Array(blockSize);
  for (let i = 0; i < order; i++) samples[i] = readSample(reader, bitsPerSample);
  return samples;
}

// Rice codes with a parameter for each partition of the block; its highest value says that the partition is not coded.
function readResidual(reader: BitReader, samples: Float64Array, order: number): void {
  const method = reader.read(2);
  if (method > 1) throw new Error("a residual of reserved form");
  const nPartitions = 1 << reader.read(4);
  const perPartition = samples.length / nPartitions;
  if (!Number.isInteger(perPartition) || perPartition < order) throw new Error("partitions that do not fit");
  const parameterWidth = 4 + method;
  let at = order;
  for (let partition = 1; partition <= nPartitions; partition++) {
    const parameter = reader.read(parameterWidth);
    const end = partition * perPartition;
    if (parameter < 2 ** parameterWidth - 1)
      reader.readRiceInto(samples, { start: at, end, width: parameter });
    else {
      const width = reader.read(5);
      for (let i = at; i < end; i++) samples[i] = width === 0 ? 0 : reader.readSigned(width);
    }
    at = end;
  }
}

function restore(samples: Float64Array, coefficients: Float64Array, shift: number): void {
  const order = coefficients.length;
  const scale = 2 ** -shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    // The latest sample last: what comes before need not wait for it.
    for (let k = order - 1; k >= 0; k--) sum += coefficients[k]! * samples[i - 1 - k]!;
    samples[i]! += Math.floor(sum * scale);
  }
}
