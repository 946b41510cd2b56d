// How far the confidence of a classifier can be taken at its word. Source: Guo et al., "On Calibration of Modern Neural
// Networks", ICML 2017, section 2.

import { InvalidArgumentError } from "../errors.ts";

/** One prediction: how sure the classifier was, 0..1, and whether it was right. */
export type CalibrationPoint = { confidence: number; correct: boolean };

const N_BINS = 15;

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
 * @returns 15 bins, from low to high.
 * @throws {InvalidArgumentError} A confidence is not within [0, 1].
 */
export function reliabilityTable(points: readonly CalibrationPoint[]): ReliabilityBin[] {
  const bins = Array.from({ length: N_BINS }, (): CalibrationPoint[] => []);
  for (const point of points) bins[binIndex(point.confidence)]!.push(point);
  return bins.map((bin, index) => ({
    low: index / N_BINS,
    high: (index + 1) / N_BINS,
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
 * @returns 0 (confidence is the share of right predictions) to 1; null when there are no points.
 * @throws {InvalidArgumentError} A confidence is not within [0, 1].
 */
export function expectedCalibrationError(points: readonly CalibrationPoint[]): number | null {
  const table = reliabilityTable(points);
  if (points.length === 0) return null;
  const distances = table.map(
    ({ n, confidence, accuracy }) => n * Math.abs((confidence ?? 0) - (accuracy ?? 0)),
  );
  return distances.reduce((total, distance) => total + distance, 0) / points.length;
}

function binIndex(confidence: number): number {
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new InvalidArgumentError(`reliabilityTable: a confidence must be within [0, 1], got ${confidence}`);
  }
  return Math.max(0, Math.ceil(confidence * N_BINS) - 1);
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((total, value) => total + value, 0) / values.length;
}
