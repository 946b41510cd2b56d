import { InvalidArgumentError } from "../errors.ts";
import { type ChartSeries, lineChart } from "./line-chart-svg.ts";
import { svgDocument, svgElement } from "./svg-markup.ts";

/** A line of a training log: the step and whatever was measured at it. */
type LogRecord = { step: number } & Record<string, unknown>;

/** What is drawn: loss above, accuracy below. */
const PANELS = [
  {
    title: "Loss",
    yLabel: "loss",
    series: [
      { key: "loss", name: "training" },
      { key: "validationLoss", name: "validation" },
    ],
  },
  {
    title: "Accuracy",
    yLabel: "accuracy",
    series: [
      { key: "accuracy", name: "training" },
      { key: "validationAccuracy", name: "validation" },
    ],
    yFormat: "percent" as const,
  },
];

const WIDTH = 720;
const PANEL_HEIGHT = 330;

/**
 * The curves of a training run, one chart below the other, over the step; a chart of which nothing was logged is left out.
 *
 * @param records In the order of their steps. A record that lacks a field, or in which it is no finite number, is passed
 *   over in that field's line.
 * @param options.description For screen readers. Default: `Training curves`.
 * @returns An SVG file.
 * @throws {InvalidArgumentError} The records hold nothing that is drawn.
 */
export function curvesSvg(
  records: readonly LogRecord[],
  { description = "Training curves" }: { description?: string } = {},
): string {
  const charts = PANELS.map((panel) => ({
    ...panel,
    series: panel.series.map(({ key, name }) => readSeries(records, key, name)),
  })).filter((panel) => panel.series.some(({ points }) => points.length > 0));
  if (charts.length === 0) {
    const keys = PANELS.flatMap((panel) => panel.series.map(({ key }) => key));
    throw new InvalidArgumentError(
      `curvesSvg: expected records with one of ${keys.join(", ")}, got ${records.length} without`,
    );
  }
  return svgDocument(
    { width: WIDTH, height: charts.length * PANEL_HEIGHT, description },
    ...charts.map((chart, index) =>
      svgElement(
        "g",
        { transform: `translate(0 ${index * PANEL_HEIGHT})` },
        lineChart({ ...chart, xLabel: "step", width: WIDTH, height: PANEL_HEIGHT }),
      ),
    ),
  );
}

function readSeries(records: readonly LogRecord[], key: string, name: string): ChartSeries {
  const points = records.flatMap((record): [number, number][] => {
    const value = record[key];
    return typeof value === "number" && Number.isFinite(value) ? [[record.step, value]] : [];
  });
  return { name, points };
}
