import type { ReliabilityBin } from "./calibration.ts";
import { lineChartSvg } from "./line-chart-svg.ts";

/**
 * A reliability diagram: the share of right answers over their confidence, against the line on which the two are the same.
 *
 * @param tables Of `reliabilityTable`, by the name of the test. Bins without answers are passed over.
 * @returns An SVG file.
 */
export function reliabilitySvg(tables: Readonly<Record<string, readonly ReliabilityBin[]>>): string {
  const measured = Object.entries(tables).map(([name, bins]) => ({
    name,
    points: bins.flatMap(({ confidence, accuracy }): [number, number][] =>
      confidence === null || accuracy === null ? [] : [[confidence, accuracy]],
    ),
  }));
  const ideal: [number, number][] = [
    [0, 0],
    [1, 1],
  ];
  return lineChartSvg({
    title: "Reliability",
    xLabel: "confidence",
    yLabel: "share right",
    yFormat: "percent",
    yRange: [0, 1],
    series: [...measured, { name: "confidence = share right", points: ideal, faint: true }],
  });
}
