// How far the confidence of a classifier can be taken at its word. Source: Guo et al., "On Calibration of Modern Neural
// Networks", ICML 2017, section 2.

import { InvalidArgumentError } from "../errors.ts";

/** One prediction: how sure the classifier was, 0..1, and whether it was right. */
export type CalibrationPoint = { confidence: number; correct: boolean };

/** The predictions whose confidence is in (low, high]; the first bin holds 0 too. */
export type ReliabilityBin = {
  low: number;
  high: number;
  n: number;
  /** Mean confidence of these predictions, null when there are none. */
  confidence: number | null;
  /** Share of these predictions that are right, null when there are none. */
  accuracy: number | null;
};

/**
 * The data of a reliability diagram: confidence against accuracy in bins of equal width.
 *
 * @param points In any order; may be none.
 * @param options.nBins >= 1. Default: 15.
 * @returns `nBins` bins, from low to high.
 * @throws {InvalidArgumentError} `nBins` is out of range, or a confidence is not within [0, 1].
 */
export function reliabilityTable(
  points: readonly CalibrationPoint[],
  options: { nBins?: number } = {},
): ReliabilityBin[] {
  const { nBins = 15 } = options;
  if (!(Number.isSafeInteger(nBins) && nBins >= 1)) {
    throw new InvalidArgumentError(`reliabilityTable: nBins must be a whole number >= 1, got ${nBins}`);
  }
  const bins = Array.from({ length: nBins }, (): CalibrationPoint[] => []);
  for (const point of points) bins[binIndex(point.confidence, nBins)]!.push(point);
  return bins.map((bin, index) => ({
    low: index / nBins,
    high: (index + 1) / nBins,
    n: bin.length,
    confidence: mean(bin.map((point) => point.confidence)),
    accuracy: mean(bin.map((point) => Number(point.correct))),
  }));
}

/**
 * Expected calibration error: the mean distance between confidence and accuracy over the bins of
 * {@link reliabilityTable}, weighted by their predictions.
 *
 * @param points In any order.
 * @param options.nBins >= 1. Default: 15.
 * @returns 0 (confidence is the share of right predictions) to 1; null when there are no points.
 * @throws {InvalidArgumentError} `nBins` is out of range, or a confidence is not within [0, 1].
 */
export function expectedCalibrationError(
  points: readonly CalibrationPoint[],
  options: { nBins?: number } = {},
): number | null {
  const table = reliabilityTable(points, options);
  if (points.length === 0) return null;
  const distances = table.map(
    ({ n, confidence, accuracy }) => n * Math.abs((confidence ?? 0) - (accuracy ?? 0)),
  );
  return distances.reduce((total, distance) => total + distance, 0) / points.length;
}

function binIndex(confidence: number, nBins: number): number {
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new InvalidArgumentError(`reliabilityTable: a confidence must be within [0, 1], got ${confidence}`);
  }
  return Math.max(0, Math.ceil(confidence * nBins) - 1);
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((total, value) => total + value, 0) / values.length;
}
