// What a threshold costs and what it saves: digit errors in numbers against false alarms in speech without a digit.

import type { Decoding, Expectation } from "../live/decoding.ts";
import { digitsIn, type HeardRecording } from "./heard-frames.ts";
import { lineChartSvg } from "./line-chart-svg.ts";
import { type ListeningReport, type ListeningSets, measureListening } from "./listening-report.ts";

/** A threshold and what it leads to. */
export type OperatingPoint = {
  /** Least confidence of a digit, 0..1. */
  threshold: number;
  /** Digit errors in numbers that are said alone, 0..1 and above. */
  digitErrorRate: number;
  /** False digits an hour of speech without a digit. */
  falseDigitsPerHour: number;
};

const THRESHOLDS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Ways of listening that expect other speech. */
const WAYS: readonly Expectation[] = ["any", "numbers"];
const SPEECH = ["sentences", "calls", "spelled names"];

/**
 * Measures a way of listening at many thresholds.
 *
 * @param heard From `hearFrames`.
 * @param expect The way of listening.
 * @param decoding The model's settings.
 * @returns By rising threshold.
 */
export async function operatingCurve(
  heard: ListeningSets<HeardRecording>,
  expect: Expectation,
  decoding: Decoding,
): Promise<OperatingPoint[]> {
  const sets = {
    numbers: { alone: heard.numbers["digits alone"] ?? [] },
    negatives: Object.fromEntries(SPEECH.map((name) => [name, heard.negatives[name] ?? []])),
  };
  const points: OperatingPoint[] = [];
  for (const threshold of THRESHOLDS) {
    const settings = { ...decoding, [expect]: { ...decoding[expect], threshold } };
    const report = await measureListening(sets, (recording) => digitsIn(recording, expect, settings));
    points.push({
      threshold,
      digitErrorRate: report.numbers.alone?.digitErrorRate ?? 0,
      falseDigitsPerHour: falseDigitsPerHour(report),
    });
  }
  return points;
}

function falseDigitsPerHour({ negatives }: ListeningReport): number {
  const sets = Object.values(negatives);
  const hours = sets.reduce((sum, set) => sum + set.hours, 0);
  return hours === 0 ? 0 : sets.reduce((sum, set) => sum + set.falseDigits, 0) / hours;
}

/**
 * The operating curves of all ways of listening that expect other speech, as a picture.
 *
 * @param heard From `hearFrames`.
 * @param decoding The model's settings.
 * @returns An SVG file.
 */
export async function operatingCurveSvg(
  heard: ListeningSets<HeardRecording>,
  decoding: Decoding,
): Promise<string> {
  const series = [];
  for (const expect of WAYS) {
    const curve = await operatingCurve(heard, expect, decoding);
    const points = curve.map((point) => [point.falseDigitsPerHour, point.digitErrorRate] as const);
    series.push({ name: `expecting ${expect}`, points });
  }
  return lineChartSvg({
    title: "Numbers missed and digits made up, by threshold",
    xLabel: "False digits an hour of speech without a digit",
    yLabel: "Digit errors in numbers",
    yRange: [0, 0.3],
    yFormat: "percent",
    series,
  });
}
