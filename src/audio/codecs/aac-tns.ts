// ISO/IEC 14496-3, 4.6.9: temporal noise shaping, a filter over the spectrum.

import type { FrameShape } from "./aac-channel.ts";
import type { BitReader } from "./bit-reader.ts";

/** One filter: over how many bands, in which direction, its reflection coefficients. */
export type TnsFilter = { nBands: number; isDownward: boolean; reflections: number[] };

/**
 * Reads the filters of a channel.
 *
 * @param reader At tns_data.
 * @param isShort Whether there are eight short windows.
 * @returns For each window its filters, from the top of the spectrum down.
 */
export function readTns(reader: BitReader, isShort: boolean): TnsFilter[][] {
  const [countWidth, lengthWidth, orderWidth] = isShort ? [1, 4, 3] : [2, 6, 5];
  return Array.from({ length: isShort ? 8 : 1 }, () => {
    const nFilters = reader.read(countWidth!);
    const resolution = nFilters > 0 ? 3 + reader.read(1) : 0;
    return Array.from({ length: nFilters }, () => {
      const nBands = reader.read(lengthWidth!);
      const order = reader.read(orderWidth!);
      if (order > 20) throw new Error(`a filter of order ${order}`);
      if (order === 0) return { nBands, isDownward: false, reflections: [] };
      const isDownward = reader.read(1) === 1;
      const width = resolution - reader.read(1);
      const reflections = Array.from({ length: order }, () =>
        dequantise(reader.readSigned(width), resolution),
      );
      return { nBands, isDownward, reflections };
    });
  });
}

function dequantise(value: number, resolution: number): number {
  const half = 2 ** (resolution - 1);
  return Math.sin((value * Math.PI) / 2 / (value >= 0 ? half - 0.5 : half + 0.5));
}

/**
 * Undoes the shaping.
 *
 * @param spectrum One window after the other, scaled. Changed.
 * @param shape Of the frame.
 * @param tns The filters of each window.
 */
export function applyTnsInPlace(
  spectrum: Float32Array,
  shape: FrameShape,
  tns: readonly TnsFilter[][],
): void {
  const { bands, nBands } = shape;
  const highest = Math.min(bands.nTnsBands, nBands);
  for (const [window, filters] of tns.entries()) {
    let top = bands.count;
    for (const { nBands: length, isDownward, reflections } of filters) {
      const bottom = Math.max(0, top - length);
      const start = window * 128 + bands.offsets[Math.min(bottom, highest)]!;
      const end = window * 128 + bands.offsets[Math.min(top, highest)]!;
      top = bottom;
      if (reflections.length === 0) continue;
      filterInPlace(spectrum, { start, end, isDownward, coefficients: predictorOf(reflections) });
    }
  }
}

// Levinson's recursion.
function predictorOf(reflections: readonly number[]): number[] {
  let coefficients: number[] = [];
  for (const [m, reflection] of reflections.entries()) {
    coefficients = coefficients.map((value, i) => value + reflection * coefficients[m - 1 - i]!);
    coefficients.push(reflection);
  }
  return coefficients;
}

type Filter = { start: number; end: number; isDownward: boolean; coefficients: readonly number[] };

function filterInPlace(spectrum: Float32Array, { start, end, isDownward, coefficients }: Filter): void {
  const step = isDownward ? -1 : 1;
  const first = isDownward ? end - 1 : start;
  for (let n = 0; n < end - start; n++) {
    const at = first + n * step;
    let value = spectrum[at]!;
    for (let k = 0; k < coefficients.length && k < n; k++)
      value -= coefficients[k]! * spectrum[at - (k + 1) * step]!;
    spectrum[at] = value;
  }
}
